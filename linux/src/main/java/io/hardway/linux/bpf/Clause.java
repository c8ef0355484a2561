package io.hardway.linux.bpf;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.DeviceRule;
import java.util.OptionalLong;

/** A rule about devices as a program decides by it. */
final class Clause {
  /** What {@code access_type} of {@code struct bpf_cgroup_dev_ctx} has; {@code linux/bpf.h}. */
  static final int BLOCK = 1;

  static final int CHARACTER = 2;
  static final int MAKE = 1;
  static final int READ = 2;
  static final int WRITE = 4;
  static final int EVERY_ACCESS = MAKE | READ | WRITE;

  /** In place of a type or a number. */
  static final int ANY = -1;

  private static final long GREATEST = 0xffff_ffffL;

  /** Registers: the context, what is asked for and still undecided, and one for a while. */
  private static final int CONTEXT = 1;

  private static final int UNDECIDED = 6;
  private static final int VALUE = 2;

  private static final int ACCESS_AND_TYPE = 0;
  private static final int TYPE_MASK = 0xffff;
  private static final int TYPE_BITS = 16;
  private static final int MAJOR = 4;
  private static final int MINOR = 8;

  /** At most so many instructions has a clause. */
  static final int LONGEST = 11;

  private final boolean allow;
  private final int type;
  private final long major;
  private final long minor;
  private final int access;

  private Clause(boolean allow, int type, long major, long minor, int access) {
    this.allow = allow;
    this.type = type;
    this.major = major;
    this.minor = minor;
    this.access = access;
  }

  /**
   * What a rule says. One of type {@code a} is about everything, whatever else it says.
   *
   * @throws PlanningException where it has a type, a number or an access that there is not
   */
  static Clause of(DeviceRule rule) {
    return switch (rule.type()) {
      case "a" -> new Clause(rule.allow(), ANY, ANY, ANY, EVERY_ACCESS);
      case "b" -> of(rule, BLOCK);
      case "c" -> of(rule, CHARACTER);
      default -> throw refusal("is for the type " + rule.type(), "types are a (all), b (block), c");
    };
  }

  private static Clause of(DeviceRule rule, int type) {
    return new Clause(
        rule.allow(), type, number(rule.major()), number(rule.minor()), access(rule.access()));
  }

  private static long number(OptionalLong number) {
    if (number.isEmpty()) {
      return ANY;
    }
    if (number.getAsLong() < 0 || number.getAsLong() > GREATEST) {
      throw refusal("has the number " + number.getAsLong(), "leave it out to mean all");
    }
    return number.getAsLong();
  }

  private static int access(String text) {
    int access = 0;
    for (int i = 0; i < text.length(); i++) {
      access |=
          switch (text.charAt(i)) {
            case 'r' -> READ;
            case 'w' -> WRITE;
            case 'm' -> MAKE;
            default -> throw refusal("is for the access " + text, "write it like rwm");
          };
    }
    return access;
  }

  private static PlanningException refusal(String what, String remedy) {
    return new PlanningException("a rule about devices " + what, remedy);
  }

  boolean allows() {
    return allow;
  }

  boolean isForEverything() {
    return type == ANY;
  }

  boolean isForNothing() {
    return access == 0;
  }

  /** Whether it is for all that the other is for. */
  boolean covers(Clause other) {
    return (type == ANY || type == other.type)
        && (major == ANY || major == other.major)
        && (minor == ANY || minor == other.minor)
        && (access & other.access) == other.access;
  }

  /** Whether both say the same about the same devices, though perhaps not for the same access. */
  boolean isLike(Clause other) {
    return allow == other.allow
        && type == other.type
        && major == other.major
        && minor == other.minor;
  }

  /** This and one that is like it. */
  Clause and(Clause other) {
    return new Clause(allow, type, major, minor, access | other.access);
  }

  /** What stands before all clauses. */
  static void begin(Instructions program) {
    program.load(UNDECIDED, CONTEXT, ACCESS_AND_TYPE).shiftRight(UNDECIDED, TYPE_BITS);
  }

  /**
   * Ends the program where the clause decides, and else goes on behind it.
   *
   * <p>Each number is loaded anew where it is compared: the verifier then knows nothing of it from
   * clauses before, and goes through each clause once, not once for each way that leads to it.
   */
  void write(Instructions program) {
    boolean whole = access == EVERY_ACCESS;
    int rest = 2 + (whole ? 0 : 2);
    int minors = minor == ANY ? 0 : 2;
    int majors = major == ANY ? 0 : 2;
    if (type != ANY) {
      program
          .load(VALUE, CONTEXT, ACCESS_AND_TYPE)
          .and(VALUE, TYPE_MASK)
          .unlessEqual(VALUE, type, majors + minors + rest);
    }
    if (major != ANY) {
      program.load(VALUE, CONTEXT, MAJOR).unlessEqual(VALUE, (int) major, minors + rest);
    }
    if (minor != ANY) {
      program.load(VALUE, CONTEXT, MINOR).unlessEqual(VALUE, (int) minor, rest);
    }
    if (!whole && allow) {
      program.and(UNDECIDED, ~access).unlessZero(UNDECIDED, 2);
    } else if (!whole) {
      program.ifAny(UNDECIDED, access, 1).jump(2);
    }
    program.end(allow ? 1 : 0);
  }
}
