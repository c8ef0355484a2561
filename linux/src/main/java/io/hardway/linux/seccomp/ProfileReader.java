package io.hardway.linux.seccomp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.hardway.linux.Capabilities;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the JSON of one profile. A member it does not know is refused: it would be ignored. */
final class ProfileReader {
  private static final BigInteger END_OF_U64 = BigInteger.ONE.shiftLeft(64);
  private static final int LAST_ARGUMENT = 5;
  private static final int KERNEL_PART = 1000;

  private final String place;
  private final String json;
  private JsonParser parser;

  ProfileReader(String place, String json) {
    this.place = place;
    this.json = json;
  }

  SeccompProfile read() {
    JsonFactory factory =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    try (JsonParser opened = factory.createParser(json)) {
      parser = opened;
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(place + ": not a JSON object");
      }
      SeccompProfile profile = profile();
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException(place + ": there is more behind the JSON object");
      }
      return profile;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          place + ":" + e.getLocation().getLineNr() + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
    }
  }

  private SeccompProfile profile() throws IOException {
    String action = "";
    OptionalInt errno = OptionalInt.empty();
    List<String> architectures = List.of();
    Optional<List<SeccompProfile.Family>> families = Optional.empty();
    List<String> flags = List.of();
    List<SeccompProfile.Rule> rules = List.of();
    while (nextMember()) {
      switch (parser.currentName()) {
        case "defaultAction" -> action = text();
        case "defaultErrnoRet" -> errno = errno();
        case "architectures" -> architectures = texts(FilterNames::architecture);
        case "archMap" -> families = Optional.of(families());
        case "flags" -> flags = texts(FilterNames::flag);
        case "syscalls" -> rules = rules();
        case "comment" -> text();
        case "listenerPath", "listenerMetadata" ->
            throw bad("is for an agent that decides about each call, and none is asked here");
        default -> throw unknownMember();
      }
    }
    if (action.isEmpty()) {
      throw new IllegalArgumentException(place + ": defaultAction is missing");
    }
    if (families.isPresent() && !families.get().isEmpty() && !architectures.isEmpty()) {
      throw new IllegalArgumentException(
          place + ": architectures and archMap exclude each other: leave one out");
    }
    check("defaultAction", action, errno);
    return new SeccompProfile(action, errno, architectures, families, flags, rules);
  }

  private void check(String where, String action, OptionalInt errno) {
    try {
      FilterNames.action(action, errno);
      FilterNames.requireNoAgent(action);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + where + ": " + e.getMessage(), e);
    }
  }

  private List<SeccompProfile.Family> families() throws IOException {
    List<SeccompProfile.Family> families = new ArrayList<>();
    array();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object();
      String where = path();
      String architecture = "";
      List<String> others = List.of();
      while (nextMember()) {
        switch (parser.currentName()) {
          case "architecture" -> {
            architecture = text();
            known(architecture, FilterNames::architecture);
          }
          case "subArchitectures" -> others = texts(FilterNames::architecture);
          default -> throw unknownMember();
        }
      }
      if (architecture.isEmpty()) {
        throw new IllegalArgumentException(place + ": " + where + ": architecture is missing");
      }
      families.add(new SeccompProfile.Family(architecture, others));
    }
    return families;
  }

  private List<SeccompProfile.Rule> rules() throws IOException {
    List<SeccompProfile.Rule> rules = new ArrayList<>();
    array();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object();
      rules.add(rule());
    }
    return rules;
  }

  private SeccompProfile.Rule rule() throws IOException {
    String where = "syscalls[" + parser.getParsingContext().getParent().getCurrentIndex() + "]";
    List<String> names = new ArrayList<>();
    String action = "";
    OptionalInt errno = OptionalInt.empty();
    List<SeccompArgument> arguments = List.of();
    SeccompProfile.Condition includes = SeccompProfile.Condition.NONE;
    SeccompProfile.Condition excludes = SeccompProfile.Condition.NONE;
    while (nextMember()) {
      switch (parser.currentName()) {
        case "name" -> names.add(text());
        case "names" -> names.addAll(texts(name -> {}));
        case "action" -> action = text();
        case "errnoRet" -> errno = errno();
        case "args" -> arguments = arguments();
        case "includes" -> includes = condition();
        case "excludes" -> excludes = condition();
        case "comment" -> text();
        default -> throw unknownMember();
      }
    }
    if (names.isEmpty() || names.contains("")) {
      throw new IllegalArgumentException(place + ": " + where + ": names no system call");
    }
    if (action.isEmpty()) {
      throw new IllegalArgumentException(place + ": " + where + ": action is missing");
    }
    check(where + ".action", action, errno);
    SeccompRule.Builder rule = SeccompRule.builder().names(names).action(action).args(arguments);
    errno.ifPresent(rule::errnoRet);
    return new SeccompProfile.Rule(rule.build(), includes, excludes);
  }

  private List<SeccompArgument> arguments() throws IOException {
    List<SeccompArgument> arguments = new ArrayList<>();
    if (nextIsNull()) {
      return arguments;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      object();
      String where = path();
      SeccompArgument.Builder argument = SeccompArgument.builder();
      boolean compares = false;
      while (nextMember()) {
        switch (parser.currentName()) {
          case "index" -> argument.index(number(LAST_ARGUMENT));
          case "value" -> argument.value(unsigned());
          case "valueTwo" -> argument.valueTwo(unsigned());
          case "op" -> {
            String operator = text();
            known(operator, FilterNames::operator);
            argument.op(operator);
            compares = true;
          }
          default -> throw unknownMember();
        }
      }
      if (!compares) {
        throw new IllegalArgumentException(place + ": " + where + ": op is missing");
      }
      arguments.add(argument.build());
    }
    return arguments;
  }

  private SeccompProfile.Condition condition() throws IOException {
    List<String> capabilities = List.of();
    List<String> architectures = List.of();
    int kernel = 0;
    if (parser.nextToken() == JsonToken.VALUE_NULL) {
      return SeccompProfile.Condition.NONE;
    }
    object();
    while (nextMember()) {
      switch (parser.currentName()) {
        case "caps" -> capabilities = texts(ProfileReader::capability);
        case "arches" -> architectures = texts(name -> {});
        case "minKernel" -> kernel = kernel(text());
        default -> throw unknownMember();
      }
    }
    return new SeccompProfile.Condition(capabilities, architectures, kernel);
  }

  private static void capability(String name) {
    if (Capabilities.bit(name) == 0) {
      throw new IllegalArgumentException(
          "there is no capability " + name + ": write it like CAP_SYS_ADMIN");
    }
  }

  private int kernel(String version) {
    int dot = version.indexOf('.');
    try {
      int major = Integer.parseInt(version, 0, dot, 10);
      int minor = Integer.parseInt(version, dot + 1, version.length(), 10);
      if (major >= 0 && major < KERNEL_PART && minor >= 0 && minor < KERNEL_PART) {
        return major * KERNEL_PART + minor;
      }
    } catch (NumberFormatException | IndexOutOfBoundsException notTwoNumbers) {
      throw bad("must be like 4.8, not " + version);
    }
    throw bad("must be like 4.8, not " + version);
  }

  private boolean nextMember() throws IOException {
    return parser.nextToken() != JsonToken.END_OBJECT;
  }

  private void object() {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw bad("must be an object");
    }
  }

  private void array() throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw bad("must be an array");
    }
  }

  /** Whether there is null in place of an array. */
  private boolean nextIsNull() throws IOException {
    if (parser.nextToken() == JsonToken.VALUE_NULL) {
      return true;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw bad("must be an array");
    }
    return false;
  }

  private String text() throws IOException {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw bad("must be text");
    }
    return parser.getText();
  }

  /** Refuses a text by throwing IllegalArgumentException. */
  @FunctionalInterface
  private interface Check {
    void run(String text);
  }

  private List<String> texts(Check check) throws IOException {
    List<String> texts = new ArrayList<>();
    if (nextIsNull()) {
      return texts;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw bad("must be text");
      }
      known(parser.getText(), check);
      texts.add(parser.getText());
    }
    return texts;
  }

  private void known(String text, Check check) {
    try {
      check.run(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(place + ": " + path() + ": " + e.getMessage(), e);
    }
  }

  /** The range depends on the action, which may come later. */
  private OptionalInt errno() throws IOException {
    return OptionalInt.of((int) number(0xffff));
  }

  private long number(long most) throws IOException {
    long value = unsigned();
    if (value < 0 || value > most) {
      throw bad("must be 0 to " + most);
    }
    return value;
  }

  private long unsigned() throws IOException {
    if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw bad("must be a whole number");
    }
    BigInteger value = parser.getBigIntegerValue();
    if (value.signum() < 0 || value.compareTo(END_OF_U64) >= 0) {
      throw bad("must be 0 to " + END_OF_U64.subtract(BigInteger.ONE));
    }
    return value.longValue();
  }

  private IllegalArgumentException unknownMember() {
    return bad("is no member of a profile");
  }

  private IllegalArgumentException bad(String message) {
    return new IllegalArgumentException(place + ": " + path() + " " + message);
  }

  /** Where the parser is, like {@code syscalls[3].args[0].op}. */
  private String path() {
    StringBuilder path = new StringBuilder();
    for (JsonStreamContext at = parser.getParsingContext(); at != null; at = at.getParent()) {
      if (at.inObject() && at.getCurrentName() != null) {
        path.insert(0, "." + at.getCurrentName());
      } else if (at.inArray() && at.hasCurrentIndex()) {
        path.insert(0, "[" + at.getCurrentIndex() + "]");
      }
    }
    return path.isEmpty() ? "the profile" : path.substring(1);
  }
}
