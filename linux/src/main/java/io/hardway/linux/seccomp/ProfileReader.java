package io.hardway.linux.seccomp;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.hardway.linux.Capabilities;
import io.hardway.linux.json.JsonDocument;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the JSON of one profile. A member it does not know is refused: it would be ignored. */
final class ProfileReader {
  private static final BigInteger END_OF_U64 = BigInteger.ONE.shiftLeft(64);
  private static final int LAST_ARGUMENT = 5;
  private static final int KERNEL_PART = 1000;

  private final String place;
  private final String json;
  private JsonReader reader;

  ProfileReader(String place, String json) {
    this.place = place;
    this.json = json;
  }

  SeccompProfile read() {
    return JsonDocument.read(
        place,
        json,
        opened -> {
          reader = opened;
          return profile();
        });
  }

  private SeccompProfile profile() throws IOException {
    String action = "";
    OptionalInt errno = OptionalInt.empty();
    List<String> architectures = List.of();
    Optional<List<SeccompProfile.Family>> families = Optional.empty();
    List<String> flags = List.of();
    List<SeccompProfile.Rule> rules = List.of();
    Members members = object();
    while (members.next()) {
      switch (members.name) {
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
    while (nextItem()) {
      String where = path();
      String architecture = "";
      List<String> others = List.of();
      Members members = object();
      while (members.next()) {
        switch (members.name) {
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
    while (nextItem()) {
      rules.add(rule());
    }
    return rules;
  }

  private SeccompProfile.Rule rule() throws IOException {
    String where = path();
    List<String> names = new ArrayList<>();
    String action = "";
    OptionalInt errno = OptionalInt.empty();
    List<SeccompArgument> arguments = List.of();
    SeccompProfile.Condition includes = SeccompProfile.Condition.NONE;
    SeccompProfile.Condition excludes = SeccompProfile.Condition.NONE;
    Members members = object();
    while (members.next()) {
      switch (members.name) {
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
    array();
    while (nextItem()) {
      String where = path();
      SeccompArgument.Builder argument = SeccompArgument.builder();
      boolean compares = false;
      Members members = object();
      while (members.next()) {
        switch (members.name) {
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
    if (nextIsNull()) {
      return SeccompProfile.Condition.NONE;
    }
    Members members = object();
    while (members.next()) {
      switch (members.name) {
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

  /** The members of an object that has begun. */
  private final class Members {
    private final Set<String> seen = new HashSet<>();
    private String name = "";

    /** Goes to the next one; past the object where there is none. */
    private boolean next() throws IOException {
      if (reader.peek() == JsonToken.END_OBJECT) {
        reader.endObject();
        return false;
      }
      name = reader.nextName();
      if (!seen.add(name)) {
        throw bad("is there twice");
      }
      return true;
    }
  }

  private Members object() throws IOException {
    if (reader.peek() != JsonToken.BEGIN_OBJECT) {
      throw bad("must be an object");
    }
    reader.beginObject();
    return new Members();
  }

  private void array() throws IOException {
    if (reader.peek() != JsonToken.BEGIN_ARRAY) {
      throw bad("must be an array");
    }
    reader.beginArray();
  }

  /** Whether the array has one more; goes past the array where it has none. */
  private boolean nextItem() throws IOException {
    if (reader.peek() == JsonToken.END_ARRAY) {
      reader.endArray();
      return false;
    }
    return true;
  }

  /** Whether there is null instead of an array or object. */
  private boolean nextIsNull() throws IOException {
    if (reader.peek() == JsonToken.NULL) {
      reader.nextNull();
      return true;
    }
    return false;
  }

  private String text() throws IOException {
    if (reader.peek() != JsonToken.STRING) {
      throw bad("must be text");
    }
    return reader.nextString();
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
    array();
    while (nextItem()) {
      String text = text();
      known(text, check);
      texts.add(text);
    }
    return texts;
  }

  private void known(String text, Check check) {
    try {
      check.run(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          place + ": " + JsonDocument.previousPath(reader) + ": " + e.getMessage(), e);
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
    BigInteger value;
    try {
      value = new BigInteger(reader.peek() == JsonToken.NUMBER ? reader.nextString() : "none");
    } catch (NumberFormatException e) {
      throw bad("must be a whole number");
    }
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

  private String path() {
    String path = JsonDocument.path(reader);
    return path.isEmpty() ? "the profile" : path;
  }
}
