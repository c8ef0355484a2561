package io.hardway.linux.seccomp;

import static io.hardway.testkit.FilterProgram.ALLOW;
import static io.hardway.testkit.FilterProgram.KILL_PROCESS;
import static io.hardway.testkit.FilterProgram.errno;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import io.hardway.testkit.FilterProgram;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterCompilerTest {
  private static final int X86_64 = 0xc000_003e;
  private static final int I386 = 0x4000_0003;
  private static final int MKDIR = 83;
  private static final int RMDIR = 84;
  private static final int NEWER = 600;
  private static final int X32 = 0x4000_0000;

  private static SeccompRule.Builder rule(String name, String action) {
    return SeccompRule.builder().names(List.of(name)).action(action);
  }

  private static SeccompArgument argument(int index, String operator, long value, long two) {
    return SeccompArgument.builder().index(index).op(operator).value(value).valueTwo(two).build();
  }

  private static FilterProgram compile(Seccomp.Builder filter, SeccompRule.Builder... rules) {
    List<SeccompRule> built =
        java.util.Arrays.stream(rules).map(SeccompRule.Builder::build).toList();
    return FilterProgram.of(
        FilterCompiler.compile(filter.syscalls(built).build(), "p.json", "x86_64"));
  }

  private static Seccomp.Builder by(String action) {
    return Seccomp.builder().defaultAction(action);
  }

  @ParameterizedTest
  @CsvSource({
    "SCMP_ACT_KILL, 0",
    "SCMP_ACT_KILL_THREAD, 0",
    "SCMP_ACT_KILL_PROCESS, 0x80000000",
    "SCMP_ACT_TRAP, 0x00030000",
    "SCMP_ACT_ERRNO, 0x00050001",
    "SCMP_ACT_TRACE, 0x7ff00001",
    "SCMP_ACT_LOG, 0x7ffc0000"
  })
  void everyActionIsWhatTheKernelCallsSo(String action, String result) {
    FilterProgram program = compile(by("SCMP_ACT_ALLOW"), rule("mkdir", action));
    assertEquals(Long.decode(result).intValue(), program.run(X86_64, MKDIR));
    assertEquals(ALLOW, program.run(X86_64, RMDIR));
  }

  @ParameterizedTest
  @CsvSource({
    "SCMP_CMP_NE, 5, 0, '4,6,4294967301', 5",
    "SCMP_CMP_LT, 5, 0, '0,4', '5,6,4294967296'",
    "SCMP_CMP_LE, 5, 0, '0,5', '6,4294967296'",
    "SCMP_CMP_EQ, 5, 0, 5, '4,6,4294967301'",
    "SCMP_CMP_GE, 5, 0, '5,6,4294967296', '0,4'",
    "SCMP_CMP_GT, 5, 0, '6,4294967296', '0,5'",
    "SCMP_CMP_MASKED_EQ, 12, 4, '4,5,23', '0,8,12'"
  })
  void everyOperatorComparesAllOfAnArgument(
      String operator, long value, long two, String matching, String others) {
    FilterProgram program =
        compile(
            by("SCMP_ACT_ALLOW"),
            rule("mkdir", "SCMP_ACT_ERRNO")
                .errnoRet(22)
                .args(List.of(argument(1, operator, value, two))));
    for (String each : matching.split(",")) {
      assertEquals(errno(22), program.run(X86_64, MKDIR, 0, Long.parseLong(each)), each);
    }
    for (String each : others.split(",")) {
      assertEquals(ALLOW, program.run(X86_64, MKDIR, 0, Long.parseLong(each)), each);
    }
  }

  @Test
  void conditionsOnDifferentArgumentsMustAllHoldOnOneArgumentAny() {
    FilterProgram all =
        compile(
            by("SCMP_ACT_ALLOW"),
            rule("mkdir", "SCMP_ACT_ERRNO")
                .args(List.of(argument(0, "SCMP_CMP_EQ", 1, 0), argument(1, "SCMP_CMP_EQ", 2, 0))));
    assertEquals(errno(1), all.run(X86_64, MKDIR, 1, 2));
    assertEquals(ALLOW, all.run(X86_64, MKDIR, 1, 3));
    FilterProgram any =
        compile(
            by("SCMP_ACT_ALLOW"),
            rule("mkdir", "SCMP_ACT_ERRNO")
                .args(List.of(argument(0, "SCMP_CMP_EQ", 1, 0), argument(0, "SCMP_CMP_EQ", 2, 0))));
    assertEquals(errno(1), any.run(X86_64, MKDIR, 1));
    assertEquals(errno(1), any.run(X86_64, MKDIR, 2));
    assertEquals(ALLOW, any.run(X86_64, MKDIR, 3));
  }

  @Test
  void callsNewerThanADenyingProfileAreUnknownToTheKernel() {
    FilterProgram denying = compile(by("SCMP_ACT_ERRNO"), rule("mkdir", "SCMP_ACT_ALLOW"));
    assertEquals(ALLOW, denying.run(X86_64, MKDIR));
    assertEquals(errno(1), denying.run(X86_64, MKDIR - 1));
    assertEquals(errno(38), denying.run(X86_64, NEWER));
    FilterProgram allowing = compile(by("SCMP_ACT_ALLOW"), rule("mkdir", "SCMP_ACT_ERRNO"));
    assertEquals(ALLOW, allowing.run(X86_64, NEWER));
  }

  @Test
  void anotherArchitectureIsNoWayAround() {
    FilterProgram program = compile(by("SCMP_ACT_ALLOW"), rule("mkdir", "SCMP_ACT_ERRNO"));
    assertEquals(KILL_PROCESS, program.run(I386, 39));
    assertEquals(KILL_PROCESS, program.run(X86_64, X32 | MKDIR));
    FilterProgram denying = compile(by("SCMP_ACT_ERRNO"), rule("mkdir", "SCMP_ACT_ALLOW"));
    assertEquals(KILL_PROCESS, denying.run(X86_64, X32 | MKDIR));
    assertEquals(KILL_PROCESS, denying.run(I386, NEWER));
  }

  @Test
  void aConditionOnSocketIsNotPassedByThroughSocketcall() {
    List<String> both = List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86");
    SeccompRule.Builder some =
        rule("socket", "SCMP_ACT_ALLOW").args(List.of(argument(0, "SCMP_CMP_EQ", 2, 0)));
    FilterProgram program =
        compile(by("SCMP_ACT_ERRNO").architectures(both), some, rule("bind", "SCMP_ACT_ALLOW"));
    assertEquals(errno(38), program.run(I386, 102, 1));
    assertEquals(ALLOW, program.run(I386, 102, 2), "bind has no conditions");
    assertEquals(ALLOW, program.run(I386, 359, 2));
    assertEquals(errno(1), program.run(I386, 359, 40));
    FilterProgram asked =
        compile(
            by("SCMP_ACT_ERRNO").architectures(both), some, rule("socketcall", "SCMP_ACT_ALLOW"));
    assertEquals(ALLOW, asked.run(I386, 102, 1), "the profile says so");
  }

  @Test
  void namesTheLibraryDoesNotKnowAreLeftOut() {
    FilterProgram program =
        compile(
            by("SCMP_ACT_ALLOW"),
            rule("no_such_call", "SCMP_ACT_ERRNO"),
            rule("mkdir", "SCMP_ACT_ERRNO"));
    assertEquals(errno(1), program.run(X86_64, MKDIR));
  }

  @Test
  void aRuleThatSaysTheSameAsTheDefaultIsNoError() {
    assertEquals(
        ALLOW, compile(by("SCMP_ACT_ALLOW"), rule("mkdir", "SCMP_ACT_ALLOW")).run(X86_64, MKDIR));
  }

  @Test
  void whatCannotBeMadeIsRefusedWithItsPlace() {
    PlanningException refusal =
        assertThrows(
            PlanningException.class,
            () ->
                FilterCompiler.flags(
                    by("SCMP_ACT_ALLOW")
                        .syscalls(List.of(rule("mkdir", "SCMP_ACT_NOTIFY").build()))
                        .build(),
                    "p.json"));
    assertTrue(
        refusal.getMessage().startsWith("p.json: syscalls[0].action: SCMP_ACT_NOTIFY needs"),
        refusal.getMessage());
    assertTrue(
        assertThrows(
                PlanningException.class,
                () -> compile(by("SCMP_ACT_ALLOW").architectures(List.of("SCMP_ARCH_VAX"))))
            .getMessage()
            .startsWith("p.json: architectures[0]: unknown: SCMP_ARCH_VAX"));
    assertEquals(
        "linux.seccomp: flags[0]: unknown: X; there are SECCOMP_FILTER_FLAG_TSYNC,"
            + " SECCOMP_FILTER_FLAG_LOG, SECCOMP_FILTER_FLAG_SPEC_ALLOW",
        assertThrows(
                PlanningException.class,
                () ->
                    FilterCompiler.flags(
                        by("SCMP_ACT_ALLOW").flags(List.of("X")).build(), "linux.seccomp"))
            .getMessage());
  }
}
