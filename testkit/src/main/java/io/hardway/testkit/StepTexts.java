package io.hardway.testkit;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.OperandSink;
import io.hardway.spi.plan.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** All there is to a step, as text, and the slots it uses. */
final class StepTexts implements OperandSink {
  private final StringBuilder text = new StringBuilder();
  private final List<String> slots = new ArrayList<>();

  private StepTexts() {}

  private static StepTexts read(Step step) {
    StepTexts texts = new StepTexts();
    texts.text.append(step.actor()).append(' ').append(step.operation().keyword());
    step.operation().operands(texts);
    texts
        .text
        .append(" retry ")
        .append(step.retryMillis())
        .append(" ignoring ")
        .append(Arrays.toString(step.ignored()))
        .append(step.isBestEffort() ? " best effort" : "")
        .append(": ")
        .append(step.label());
    return texts;
  }

  /** Each step with its operands and attributes. */
  static List<String> of(List<Step> steps) {
    List<String> all = new ArrayList<>();
    for (Step step : steps) {
      all.add(read(step).text.toString());
    }
    return all;
  }

  /** The names of the slots a step uses or sets. */
  static List<String> slots(Step step) {
    return read(step).slots;
  }

  private void slot(Slot slot) {
    text.append(" #").append(slot.index());
    if (!slot.isNone()) {
      slots.add(slot.name());
    }
  }

  @Override
  public void number(IntOperand value) {
    if (value instanceof IntSlot slot) {
      slot(slot);
    } else {
      text.append(' ').append(((IntLiteral) value).value());
    }
  }

  @Override
  public void text(Text value) {
    text.append(" '");
    for (Text.Piece piece : value.pieces()) {
      if (piece.isLiteral()) {
        text.append(piece.literal());
      } else if (piece.isBytes()) {
        text.append(HexFormat.of().formatHex(piece.bytes()));
      } else {
        slot(piece.slot());
      }
    }
    text.append('\'');
  }

  @Override
  public void list(List<Text> values) {
    values.forEach(this::text);
  }

  @Override
  public void descriptor(FdSlot slot) {
    slot(slot);
  }

  @Override
  public void output(Slot slot) {
    slot(slot);
  }

  @Override
  public void bytes(Text value) {
    text(value);
  }
}
