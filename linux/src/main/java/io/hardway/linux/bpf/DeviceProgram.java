package io.hardway.linux.bpf;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.DeviceRule;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Rules about devices as a program that decides by them for a cgroup of version 2, of the kernel's
 * type {@code BPF_PROG_TYPE_CGROUP_DEVICE}; cgroup-v2.rst, "Device controller".
 *
 * <p>Of the rules for a device, the last one that names an access decides about this access, so
 * that reading and writing at once needs both; what none decides is denied. A rule of type {@code
 * a} is about every device and every access, whatever else it says, as with version 1;
 * config-linux.md, "Allowed Device list".
 *
 * @since 0.1
 */
public final class DeviceProgram {
  /** So many rules can be about different devices. */
  public static final int MAX_RULES = 1024;

  private DeviceProgram() {}

  /**
   * The program, {@code struct bpf_insn[]}, for a machine that orders bytes like this.
   *
   * @throws PlanningException where a rule says what there is not, or there are too many
   */
  public static byte[] of(List<DeviceRule> rules, ByteOrder order) {
    List<Clause> clauses = clauses(rules);
    Instructions program = new Instructions((clauses.size() + 1) * Clause.LONGEST, order);
    Clause.begin(program);
    for (Clause clause : clauses) {
      clause.write(program);
    }
    if (clauses.isEmpty() || !clauses.get(clauses.size() - 1).isForEverything()) {
      program.end(0);
    }
    return program.toBytes();
  }

  /** Those that can decide something, the last rule first. */
  private static List<Clause> clauses(List<DeviceRule> rules) {
    List<Clause> clauses = new ArrayList<>();
    for (int i = rules.size() - 1; i >= 0; i--) {
      Clause clause = Clause.of(rules.get(i));
      if (!isDecided(clause, clauses)) {
        add(clause, clauses);
      }
      if (clause.isForEverything()) {
        break;
      }
    }
    while (!clauses.isEmpty() && !clauses.get(clauses.size() - 1).allows()) {
      clauses.remove(clauses.size() - 1);
    }
    return clauses;
  }

  private static boolean isDecided(Clause clause, List<Clause> later) {
    boolean decided = clause.isForNothing();
    for (int i = 0; i < later.size() && !decided; i++) {
      decided = later.get(i).covers(clause);
    }
    return decided;
  }

  private static void add(Clause clause, List<Clause> later) {
    int last = later.size() - 1;
    if (last >= 0 && later.get(last).isLike(clause)) {
      later.set(last, later.get(last).and(clause));
    } else if (later.size() == MAX_RULES) {
      throw new PlanningException(
          "there are more than " + MAX_RULES + " rules about devices",
          "join rules, for instance by leaving minor numbers out");
    } else {
      later.add(clause);
    }
  }
}
