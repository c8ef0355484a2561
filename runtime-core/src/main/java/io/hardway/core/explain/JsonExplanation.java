package io.hardway.core.explain;

import com.google.gson.stream.JsonWriter;
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
import java.util.Base64;
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
    JsonWriter json = writer(out);
    object(explanation, json);
    end(json, out);
  }

  /** Writes one JSON document and a newline: an array with an object for each plan. */
  public void write(List<Explanation> explanations, Writer out) throws IOException {
    JsonWriter json = writer(out);
    json.beginArray();
    for (Explanation explanation : explanations) {
      object(explanation, json);
    }
    json.endArray();
    end(json, out);
  }

  private static JsonWriter writer(Writer out) {
    JsonWriter json = new JsonWriter(out);
    json.setIndent("  ");
    return json;
  }

  /** Closes nothing: the writer is the caller's. */
  private static void end(JsonWriter json, Writer out) throws IOException {
    json.flush();
    out.write('\n');
  }

  private static void object(Explanation explanation, JsonWriter json) throws IOException {
    ShellWords words =
        new ShellWords(explanation.plan(), java.util.Optional.empty(), ShellWords.Length.WHOLE);
    json.beginObject();
    json.name("command").value(explanation.command());
    if (explanation.container().isPresent()) {
      json.name("id").value(explanation.container().get().id());
    }
    plan("plan", explanation.plan(), words, json);
    if (explanation.teardown().isPresent()) {
      plan("teardown", explanation.teardown().get(), words, json);
    }
    if (explanation.removal().isPresent()) {
      plan("removal", explanation.removal().get(), words, json);
    }
    json.endObject();
  }

  private static void plan(String name, Plan plan, ShellWords words, JsonWriter json)
      throws IOException {
    ShellCommands commands = new ShellCommands(words);
    json.name(name).beginObject();
    json.name("slots").beginArray();
    for (Slot slot : plan.slots()) {
      json.beginObject();
      json.name("name").value(slot.name());
      json.name("type")
          .value(slot instanceof IntSlot ? "int" : slot instanceof FdSlot ? "fd" : "text");
      json.endObject();
    }
    json.endArray();
    json.name("steps").beginArray();
    List<Step> steps = plan.steps();
    for (int i = 0; i < steps.size(); i++) {
      step(i + 1, steps.get(i), commands, json);
    }
    json.endArray();
    json.endObject();
  }

  private static void step(int number, Step step, ShellCommands commands, JsonWriter json)
      throws IOException {
    json.beginObject();
    json.name("step").value(number);
    json.name("phase").value(step.phase());
    json.name("plugin").value(step.plugin());
    json.name("actor").value(step.actor().name().toLowerCase(Locale.ROOT));
    json.name("label").value(step.label());
    json.name("operation").value(step.operation().keyword());
    json.name("operands").beginObject();
    operands(step.operation(), json);
    json.endObject();
    if (!step.hint().isEmpty()) {
      json.name("hint").value(step.hint());
    }
    json.name("bestEffort").value(step.isBestEffort());
    json.name("ignoredErrnos").beginArray();
    for (int errno : step.ignored()) {
      json.value(LinuxNames.errno(errno));
    }
    json.endArray();
    json.name("retryMillis").value(step.retryMillis());
    json.name("shell").value(commands.of(step.operation()));
    json.endObject();
  }

  private static void operands(Operation operation, JsonWriter json) throws IOException {
    for (RecordComponent component : operation.getClass().getRecordComponents()) {
      json.name(component.getName());
      try {
        value(component.getAccessor().invoke(operation), json);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(
            "operand " + component.getName() + " of " + operation.keyword(), e);
      }
    }
  }

  private static void value(Object value, JsonWriter json) throws IOException {
    if (value instanceof IntLiteral literal) {
      json.value(literal.value());
    } else if (value instanceof Slot slot) {
      slot(slot, json);
    } else if (value instanceof IntOperand other) {
      throw new IllegalStateException("an operand that is neither literal nor slot: " + other);
    } else if (value instanceof Text text) {
      text(text, json);
    } else if (value instanceof List<?> list) {
      json.beginArray();
      for (Object element : list) {
        value(element, json);
      }
      json.endArray();
    }
  }

  private static void slot(Slot slot, JsonWriter json) throws IOException {
    if (slot.isNone()) {
      json.nullValue();
      return;
    }
    json.beginObject();
    json.name("slot").value(slot.name());
    json.endObject();
  }

  private static void text(Text text, JsonWriter json) throws IOException {
    if (text.pieces().size() == 1
        && !text.pieces().get(0).isBytes()
        && text.pieces().get(0).isLiteral()) {
      json.value(text.pieces().get(0).literal());
      return;
    }
    json.beginObject();
    json.name("template").beginArray();
    for (Text.Piece piece : text.pieces()) {
      if (piece.isLiteral()) {
        json.value(piece.literal());
        continue;
      }
      json.beginObject();
      if (piece.isBytes()) {
        json.name("base64").value(Base64.getEncoder().encodeToString(piece.bytes()));
      } else {
        json.name("slot").value(piece.slot().name());
        json.name("as").value(piece.isDecimal() ? "decimal" : piece.isBinary() ? "binary" : "text");
      }
      json.endObject();
    }
    json.endArray();
    json.endObject();
  }
}
