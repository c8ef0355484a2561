package io.hardway.core.explain;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Slot;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.Step;
import java.io.IOException;
import java.io.Writer;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;

/**
 * A plan for programs: every step with all its operands, and the shell command that does the same.
 *
 * <p>Numbers are JSON numbers, texts are strings; what a slot provides is {@code {"slot": NAME}},
 * text with slots in it {@code {"template": […]}}, bytes that are no text {@code {"base64": …}};
 * descriptors that are not given are null.
 *
 * @since 0.1
 */
public final class JsonExplanation {

  /** A renderer. */
  public JsonExplanation() {}

  /** Writes one JSON object and a newline. */
  public void write(Explanation explanation, Writer out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      object(explanation, json);
    }
    out.write('\n');
  }

  /** Writes one JSON document and a newline: an array with an object for each plan. */
  public void write(List<Explanation> explanations, Writer out) throws IOException {
    try (JsonGenerator json = generator(out)) {
      json.writeStartArray();
      for (Explanation explanation : explanations) {
        object(explanation, json);
      }
      json.writeEndArray();
    }
    out.write('\n');
  }

  private static JsonGenerator generator(Writer out) throws IOException {
    JsonGenerator json = new JsonFactory().createGenerator(out);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.setPrettyPrinter(new DefaultPrettyPrinter());
    return json;
  }

  private static void object(Explanation explanation, JsonGenerator json) throws IOException {
    ShellWords words =
        new ShellWords(explanation.plan(), java.util.Optional.empty(), ShellWords.Length.WHOLE);
    json.writeStartObject();
    json.writeStringField("command", explanation.command());
    if (explanation.container().isPresent()) {
      json.writeStringField("id", explanation.container().get().id());
    }
    plan("plan", explanation.plan(), words, json);
    if (explanation.teardown().isPresent()) {
      plan("teardown", explanation.teardown().get(), words, json);
    }
    if (explanation.removal().isPresent()) {
      plan("removal", explanation.removal().get(), words, json);
    }
    json.writeEndObject();
  }

  private static void plan(String name, Plan plan, ShellWords words, JsonGenerator json)
      throws IOException {
    ShellCommands commands = new ShellCommands(words);
    json.writeObjectFieldStart(name);
    json.writeArrayFieldStart("slots");
    for (Slot slot : plan.slots()) {
      json.writeStartObject();
      json.writeStringField("name", slot.name());
      json.writeStringField(
          "type", slot instanceof IntSlot ? "int" : slot instanceof FdSlot ? "fd" : "text");
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("steps");
    List<Step> steps = plan.steps();
    for (int i = 0; i < steps.size(); i++) {
      step(i + 1, steps.get(i), commands, json);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void step(int number, Step step, ShellCommands commands, JsonGenerator json)
      throws IOException {
    json.writeStartObject();
    json.writeNumberField("step", number);
    json.writeStringField("phase", step.phase());
    json.writeStringField("plugin", step.plugin());
    json.writeStringField("actor", step.actor().name().toLowerCase(Locale.ROOT));
    json.writeStringField("label", step.label());
    json.writeStringField("operation", step.operation().keyword());
    json.writeObjectFieldStart("operands");
    operands(step.operation(), json);
    json.writeEndObject();
    if (!step.hint().isEmpty()) {
      json.writeStringField("hint", step.hint());
    }
    json.writeBooleanField("bestEffort", step.isBestEffort());
    json.writeArrayFieldStart("ignoredErrnos");
    for (int errno : step.ignored()) {
      json.writeString(LinuxNames.errno(errno));
    }
    json.writeEndArray();
    json.writeNumberField("retryMillis", step.retryMillis());
    json.writeStringField("shell", commands.of(step.operation()));
    json.writeEndObject();
  }

  private static void operands(Operation operation, JsonGenerator json) throws IOException {
    for (RecordComponent component : operation.getClass().getRecordComponents()) {
      json.writeFieldName(component.getName());
      try {
        value(component.getAccessor().invoke(operation), json);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "operand " + component.getName() + " of " + operation.keyword(), e);
      }
    }
  }

  private static void value(Object value, JsonGenerator json) throws IOException {
    if (value instanceof IntLiteral literal) {
      json.writeNumber(literal.value());
    } else if (value instanceof Slot slot) {
      slot(slot, json);
    } else if (value instanceof IntOperand other) {
      throw new IllegalStateException("an operand that is neither literal nor slot: " + other);
    } else if (value instanceof Text text) {
      text(text, json);
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        value(element, json);
      }
      json.writeEndArray();
    }
  }

  private static void slot(Slot slot, JsonGenerator json) throws IOException {
    if (slot.isNone()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("slot", slot.name());
    json.writeEndObject();
  }

  private static void text(Text text, JsonGenerator json) throws IOException {
    if (text.pieces().size() == 1
        && !text.pieces().get(0).isBytes()
        && text.pieces().get(0).isLiteral()) {
      json.writeString(text.pieces().get(0).literal());
      return;
    }
    json.writeStartObject();
    json.writeArrayFieldStart("template");
    for (Text.Piece piece : text.pieces()) {
      if (piece.isLiteral()) {
        json.writeString(piece.literal());
        continue;
      }
      json.writeStartObject();
      if (piece.isBytes()) {
        json.writeFieldName("base64");
        json.writeBinary(piece.bytes());
      } else {
        json.writeStringField("slot", piece.slot().name());
        json.writeStringField(
            "as", piece.isDecimal() ? "decimal" : piece.isBinary() ? "binary" : "text");
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
