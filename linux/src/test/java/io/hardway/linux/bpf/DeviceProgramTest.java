package io.hardway.linux.bpf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.DeviceRule;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DeviceProgramTest {
  private static final int[] NUMBERS = {0, 1, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff};
  private static final List<String> ACCESSES = List.of("r", "w", "m", "rw", "rm", "wm", "rwm");

  /** A rule as version 1 writes it: {@code allow c 1:* rm}. */
  private static DeviceRule rule(String text) {
    String[] words = text.split("[ :]");
    DeviceRule.Builder rule =
        DeviceRule.builder().allow(words[0].equals("allow")).type(words[1]).access(words[4]);
    if (!words[2].equals("*")) {
      rule.major(Long.parseLong(words[2]));
    }
    if (!words[3].equals("*")) {
      rule.minor(Long.parseLong(words[3]));
    }
    return rule.build();
  }

  private static Interpreter program(String... rules) {
    List<DeviceRule> list = new ArrayList<>();
    for (String rule : rules) {
      list.add(rule(rule));
    }
    return program(list, ByteOrder.LITTLE_ENDIAN);
  }

  private static Interpreter program(List<DeviceRule> rules, ByteOrder order) {
    return new Interpreter(DeviceProgram.of(rules, order), order);
  }

  /** Which of the accesses {@code rwm} alone are allowed to a device. */
  private static String allowed(Interpreter program, char type, int major, int minor) {
    StringBuilder allowed = new StringBuilder();
    for (String access : List.of("r", "w", "m")) {
      allowed.append(program.run(type(type), bits(access), major, minor) == 1 ? access : "-");
    }
    return allowed.toString();
  }

  private static int type(char type) {
    return type == 'b' ? Clause.BLOCK : Clause.CHARACTER;
  }

  private static int bits(String access) {
    return (access.contains("m") ? 1 : 0)
        | (access.contains("r") ? 2 : 0)
        | (access.contains("w") ? 4 : 0);
  }

  /** The same decision, each access for itself, straight from the rules. */
  private static boolean naive(
      List<DeviceRule> rules, String type, String access, long major, long minor) {
    for (char one : access.toCharArray()) {
      boolean allowed = false;
      for (DeviceRule rule : rules) {
        boolean all = rule.type().equals("a");
        boolean same =
            rule.type().equals(type)
                && (rule.major().isEmpty() || rule.major().getAsLong() == major)
                && (rule.minor().isEmpty() || rule.minor().getAsLong() == minor)
                && rule.access().indexOf(one) >= 0;
        allowed = all || same ? rule.allow() : allowed;
      }
      if (!allowed) {
        return false;
      }
    }
    return true;
  }

  private static String pick(Random random, String... words) {
    return words[random.nextInt(words.length)];
  }

  private static DeviceRule randomRule(Random random) {
    DeviceRule.Builder rule =
        DeviceRule.builder()
            .allow(random.nextBoolean())
            .type(pick(random, "b", "c", "b", "c", "b", "c", "a"))
            .access(ACCESSES.get(random.nextInt(ACCESSES.size())));
    if (random.nextInt(3) > 0) {
      rule.major(NUMBERS[random.nextInt(NUMBERS.length)] & 0xffff_ffffL);
    }
    if (random.nextInt(3) > 0) {
      rule.minor(NUMBERS[random.nextInt(NUMBERS.length)] & 0xffff_ffffL);
    }
    return rule.build();
  }

  private static void everyAccessIsDecidedAsTheRulesSay(List<DeviceRule> rules, ByteOrder order) {
    Interpreter program = program(rules, order);
    for (String type : List.of("b", "c")) {
      for (String access : ACCESSES) {
        for (int major : NUMBERS) {
          for (int minor : NUMBERS) {
            long decision = program.run(type(type.charAt(0)), bits(access), major, minor);
            assertEquals(
                naive(rules, type, access, major & 0xffff_ffffL, minor & 0xffff_ffffL) ? 1 : 0,
                decision,
                () -> text(rules) + ": " + type + " " + major + ":" + minor + " " + access);
          }
        }
      }
    }
  }

  private static String text(List<DeviceRule> rules) {
    StringBuilder text = new StringBuilder();
    for (DeviceRule rule : rules) {
      text.append(rule.allow() ? "allow " : "deny ")
          .append(rule.type() + " " + rule.major() + ":" + rule.minor() + " " + rule.access())
          .append(", ");
    }
    return text.toString();
  }

  @Test
  void theProgramDecidesAsTheRulesSay() {
    Random random = new Random(42);
    for (int round = 0; round < 1500; round++) {
      List<DeviceRule> rules = new ArrayList<>();
      for (int count = random.nextInt(10); count > 0; count--) {
        rules.add(randomRule(random));
      }
      everyAccessIsDecidedAsTheRulesSay(
          rules, round % 2 == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    }
  }

  @Test
  void withoutARuleEverythingIsDenied() {
    assertEquals("---", allowed(program(), 'c', 1, 3));
    assertEquals("---", allowed(program("deny c 1:3 rwm"), 'c', 1, 5));
  }

  @Test
  void afterDenyingAllOnlyWhatIsAllowedLaterIs() {
    Interpreter program = program("allow c 1:5 rwm", "deny a *:* rwm", "allow c 1:3 rw");
    assertEquals("rw-", allowed(program, 'c', 1, 3));
    assertEquals("---", allowed(program, 'c', 1, 5));
    assertEquals("---", allowed(program, 'b', 1, 3));
  }

  @Test
  void theLastRuleForAnAccessWins() {
    Interpreter program = program("allow a *:* rwm", "deny b 8:* w", "allow b 8:1 w");
    assertEquals("r-m", allowed(program, 'b', 8, 0));
    assertEquals("rwm", allowed(program, 'b', 8, 1));
    assertEquals("rwm", allowed(program, 'b', 9, 0));
  }

  @Test
  void readingAndWritingAtOnceNeedsBoth() {
    Interpreter program =
        program("allow c 1:* r", "allow c 1:3 w", "allow b 1:* rw", "deny b 1:1 w");
    assertEquals(1, program.run(Clause.CHARACTER, bits("rw"), 1, 3));
    assertEquals(0, program.run(Clause.CHARACTER, bits("rw"), 1, 5));
    assertEquals(0, program.run(Clause.BLOCK, bits("rw"), 1, 1));
    assertEquals(1, program.run(Clause.BLOCK, bits("r"), 1, 1));
  }

  @Test
  void makingANodeNeedsThatAlone() {
    Interpreter program = program("deny a *:* rwm", "allow c *:* m");
    assertEquals("--m", allowed(program, 'c', 250, 1));
    assertEquals("---", allowed(program, 'b', 250, 1));
  }

  @Test
  void rulesThatDecideNothingAreLeftOut() {
    int empty = program().count();
    assertEquals(empty, program("deny b 8:* rwm", "deny c 1:3 w").count());
    assertEquals(empty, program("allow b 8:* rwm", "deny a *:* rwm").count());
    assertEquals(
        program("allow c 1:* rw").count(),
        program("deny c 1:3 w", "allow c 1:3 r", "allow c 1:* r", "allow c 1:* w").count());
    assertEquals(empty, program("deny c 1:3 rwm", "allow a *:* rwm").count());
    assertEquals(
        empty,
        program(
                List.of(DeviceRule.builder().allow(true).access("").type("c").build()),
                ByteOrder.LITTLE_ENDIAN)
            .count());
  }

  /** Written down by hand, from linux/bpf.h. */
  @Test
  void theInstructionsAreTheKernels() {
    String expected =
        """
        61 16 0000 00000000
        77 06 0000 00000010
        61 12 0000 00000000
        57 02 0000 0000ffff
        56 02 0008 00000002
        61 12 0004 00000000
        56 02 0006 00000001
        61 12 0008 00000000
        56 02 0004 00000003
        57 06 0000 fffffff9
        55 06 0002 00000000
        b7 00 0000 00000001
        95 00 0000 00000000
        b7 00 0000 00000000
        95 00 0000 00000000
        """;
    var bytes =
        java.nio.ByteBuffer.wrap(
                DeviceProgram.of(List.of(rule("allow c 1:3 rw")), ByteOrder.LITTLE_ENDIAN))
            .order(ByteOrder.LITTLE_ENDIAN);
    StringBuilder found = new StringBuilder();
    while (bytes.hasRemaining()) {
      found.append(
          String.format(
              "%02x %02x %04x %08x\n", bytes.get(), bytes.get(), bytes.getShort(), bytes.getInt()));
    }
    assertEquals(expected, found.toString());
  }

  private static void isRefused(DeviceRule rule, String reason) {
    PlanningException refusal =
        assertThrows(
            PlanningException.class,
            () -> DeviceProgram.of(List.of(rule), ByteOrder.LITTLE_ENDIAN));
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void whatThereIsNotIsRefused() {
    isRefused(DeviceRule.builder().type("p").build(), "type p");
    isRefused(DeviceRule.builder().type("c").access("rx").build(), "access rx");
    isRefused(DeviceRule.builder().type("c").major(-1).build(), "number -1");
    isRefused(DeviceRule.builder().type("c").minor(1L << 32).build(), "number 4294967296");
  }

  @Test
  void thereIsABoundToRules() {
    List<DeviceRule> rules = new ArrayList<>();
    for (int i = 0; i < DeviceProgram.MAX_RULES; i++) {
      rules.add(rule("allow c " + i + ":* r"));
    }
    assertTrue(program(rules, ByteOrder.LITTLE_ENDIAN).count() < 12 * DeviceProgram.MAX_RULES);
    rules.add(rule("allow b 0:0 r"));
    PlanningException refusal =
        assertThrows(
            PlanningException.class, () -> DeviceProgram.of(rules, ByteOrder.LITTLE_ENDIAN));
    assertTrue(refusal.getMessage().contains("more than 1024"), refusal.getMessage());
  }
}
