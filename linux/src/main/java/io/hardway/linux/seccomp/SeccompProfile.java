package io.hardway.linux.seccomp;

import io.hardway.linux.Capabilities;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A profile in docker's form: rules, some of which hold only with certain capabilities, on certain
 * architectures or kernels. It is read once and then becomes the filter of one container; docker's
 * documentation, "Seccomp security profiles for Docker".
 *
 * @since 0.1
 */
public final class SeccompProfile {
  /**
   * What a rule asks for, or must not meet.
   *
   * @param kernel as {@link io.hardway.spi.Host#kernelVersion()} counts; 0: any
   */
  record Condition(List<String> capabilities, List<String> architectures, int kernel) {
    static final Condition NONE = new Condition(List.of(), List.of(), 0);
  }

  /** A rule, and when it holds. */
  record Rule(SeccompRule rule, Condition includes, Condition excludes) {}

  /** Architectures that run on another one's machines. */
  record Family(String architecture, List<String> others) {}

  private final String defaultAction;
  private final OptionalInt defaultErrno;
  private final List<String> architectures;
  private final Optional<List<Family>> families;
  private final List<String> flags;
  private final List<Rule> rules;

  SeccompProfile(
      String defaultAction,
      OptionalInt defaultErrno,
      List<String> architectures,
      Optional<List<Family>> families,
      List<String> flags,
      List<Rule> rules) {
    this.defaultAction = defaultAction;
    this.defaultErrno = defaultErrno;
    this.architectures = architectures;
    this.families = families;
    this.flags = flags;
    this.rules = rules;
  }

  /**
   * Reads a profile.
   *
   * @param place how errors name it, like a file's path
   * @throws IllegalArgumentException where it is none; names the place, the member and what is
   *     wrong
   */
  public static SeccompProfile parse(String place, String json) {
    return new ProfileReader(place, json).read();
  }

  /**
   * The filter of one container.
   *
   * @param capabilities the capabilities that the container can have, its bounding set
   * @param machine the architecture as {@code uname -m} says it
   * @param kernel the kernel, as {@link io.hardway.spi.Host#kernelVersion()} counts
   */
  public Seccomp resolve(List<String> capabilities, String machine, int kernel) {
    Seccomp.Builder filter = Seccomp.builder().defaultAction(defaultAction).flags(flags);
    defaultErrno.ifPresent(filter::defaultErrnoRet);
    filter.architectures(architecturesOn(machine));
    List<SeccompRule> held = new ArrayList<>();
    for (Rule rule : rules) {
      if (holds(rule, capabilities, FilterNames.goName(machine), kernel)) {
        held.add(rule.rule());
      }
    }
    return filter.syscalls(held).build();
  }

  private List<String> architecturesOn(String machine) {
    if (families.isEmpty()) {
      return architectures;
    }
    for (Family family : families.get()) {
      if (family.architecture().equals(FilterNames.ofMachine(machine))) {
        List<String> all = new ArrayList<>();
        all.add(family.architecture());
        all.addAll(family.others());
        return all;
      }
    }
    return List.of();
  }

  private static boolean holds(
      Rule rule, List<String> capabilities, String architecture, int kernel) {
    Condition excludes = rule.excludes();
    for (String capability : excludes.capabilities()) {
      if (capabilities.contains(capability)) {
        return false;
      }
    }
    if (excludes.architectures().contains(architecture)
        || excludes.kernel() != 0 && kernel >= excludes.kernel()) {
      return false;
    }
    Condition includes = rule.includes();
    return capabilities.containsAll(includes.capabilities())
        && (includes.architectures().isEmpty() || includes.architectures().contains(architecture))
        && kernel >= includes.kernel();
  }

  /** The mask of the capabilities that make a difference to it. */
  public long capabilities() {
    long mask = 0;
    for (Rule rule : rules) {
      mask |= Capabilities.mask(rule.includes().capabilities());
      mask |= Capabilities.mask(rule.excludes().capabilities());
    }
    return mask;
  }
}
