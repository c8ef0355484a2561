package io.hardway.init;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.OperandSink;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes a plan in its binary form. */
final class PlanEncoder implements OperandSink {
  private final LittleEndian body = new LittleEndian(16 * 1024);
  private final LittleEndian strings = new LittleEndian(16 * 1024);
  private final Map<String, Integer> references = new HashMap<>();
  private int operands;

  /**
   * The bytes of a plan.
   *
   * @throws IllegalArgumentException where the plan has more steps, slots or bytes than the format
   *     allows, or text with a NUL character
   */
  static byte[] encode(Plan plan) {
    return new PlanEncoder().bytes(plan);
  }

  private byte[] bytes(Plan plan) {
    require(
        plan.steps().size() <= PlanFormat.MAX_STEPS,
        "a plan has at most " + PlanFormat.MAX_STEPS + " steps");
    require(
        plan.slots().size() <= PlanFormat.MAX_SLOTS,
        "a plan has at most " + PlanFormat.MAX_SLOTS + " slots");
    int undo = plan.undo().isPresent() ? reference(plan.undo().get().toString()) : PlanFormat.NONE;
    int trace =
        plan.trace().isPresent() ? reference(plan.trace().get().toString()) : PlanFormat.NONE;
    body.u32(PlanFormat.MAGIC);
    body.u16(PlanFormat.VERSION);
    body.u16(plan.trace().isPresent() ? PlanFormat.FLAG_TRACE : 0);
    int lengths = body.size();
    body.u32(0);
    body.u32(0);
    body.u32(0);
    body.u16(plan.slots().size());
    body.u16(plan.steps().size());
    body.u32(undo);
    body.u32(trace);
    body.u32(0);
    for (Slot slot : plan.slots()) {
      body.u8(
          slot instanceof IntSlot
              ? PlanFormat.SLOT_INT
              : slot instanceof FdSlot ? PlanFormat.SLOT_FD : PlanFormat.SLOT_TEXT);
    }
    body.align();
    for (Step step : plan.steps()) {
      step(step);
    }
    body.set32(lengths + 4, body.size());
    body.set32(lengths + 8, strings.size());
    body.raw(strings);
    body.set32(lengths, body.size());
    require(
        body.size() <= PlanFormat.MAX_BYTES,
        "a plan has at most " + PlanFormat.MAX_BYTES + " bytes");
    return body.toBytes();
  }

  private void step(Step step) {
    int start = body.size();
    body.u16(step.operation().number());
    body.u8(step.actor().number());
    body.u8(0);
    body.u32(0);
    body.u32(reference(step.plugin()));
    body.u32(reference(step.label()));
    body.u32(step.hint().isEmpty() ? PlanFormat.NONE : reference(step.hint()));
    int[] ignored = step.ignored();
    body.u16(
        (step.isBestEffort() ? PlanFormat.ATTRIBUTE_BEST_EFFORT : 0)
            | (step.isWarning() ? PlanFormat.ATTRIBUTE_WARNING : 0));
    body.u16(ignored.length);
    body.u32(step.retryMillis());
    for (int errno : ignored) {
      body.u16(errno);
    }
    body.align();
    operands = 0;
    step.operation().operands(this);
    body.set32(start, step.operation().number() | step.actor().number() << 16 | operands << 24);
    body.set32(start + 4, body.size() - start);
  }

  @Override
  public void number(IntOperand value) {
    operands++;
    if (value instanceof IntLiteral literal) {
      body.u32(PlanFormat.INT_LITERAL);
      body.i64(literal.value());
    } else {
      body.u32(PlanFormat.INT_SLOT);
      body.u32(((IntSlot) value).index());
    }
  }

  @Override
  public void text(Text value) {
    operands++;
    write(value);
  }

  @Override
  public void list(List<Text> values) {
    operands++;
    body.u32(PlanFormat.LIST);
    body.u32(values.size());
    for (Text value : values) {
      write(value);
    }
  }

  @Override
  public void descriptor(FdSlot slot) {
    operands++;
    body.u32(PlanFormat.DESCRIPTOR);
    body.u32(slot.isNone() ? PlanFormat.NONE : slot.index());
  }

  @Override
  public void output(Slot slot) {
    operands++;
    body.u32(PlanFormat.OUTPUT);
    body.u32(slot.isNone() ? PlanFormat.NONE : slot.index());
  }

  @Override
  public void bytes(Text value) {
    operands++;
    List<Text.Piece> pieces = value.pieces();
    if (pieces.size() == 1 && pieces.get(0).isBytes()) {
      body.u32(PlanFormat.BYTES);
      body.u32(append(pieces.get(0).bytes()));
    } else {
      write(value);
    }
  }

  private void write(Text value) {
    List<Text.Piece> pieces = value.pieces();
    if (pieces.size() == 1 && pieces.get(0).isLiteral()) {
      body.u32(PlanFormat.TEXT_LITERAL);
      body.u32(reference(pieces.get(0).literal()));
      return;
    }
    body.u32(PlanFormat.TEXT_TEMPLATE);
    body.u32(pieces.size());
    for (Text.Piece piece : pieces) {
      if (piece.isLiteral()) {
        body.u32(PlanFormat.PIECE_LITERAL);
        body.u32(reference(piece.literal()));
      } else if (piece.isBytes()) {
        body.u32(PlanFormat.PIECE_LITERAL);
        body.u32(append(piece.bytes()));
      } else {
        body.u32(
            piece.isDecimal()
                ? PlanFormat.PIECE_DECIMAL
                : piece.isBinary() ? PlanFormat.PIECE_BINARY : PlanFormat.PIECE_TEXT);
        body.u32(piece.slot().index());
      }
    }
  }

  private int reference(String text) {
    Integer known = references.get(text);
    if (known != null) {
      return known;
    }
    require(
        text.indexOf('\0') < 0,
        "text in a plan holds no NUL character: " + text.replace('\0', '?'));
    int reference = append(text.getBytes(StandardCharsets.UTF_8));
    references.put(text, reference);
    return reference;
  }

  private int append(byte[] data) {
    int reference = strings.size();
    strings.u32(data.length);
    strings.raw(data);
    strings.u8(0);
    strings.align();
    return reference;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
