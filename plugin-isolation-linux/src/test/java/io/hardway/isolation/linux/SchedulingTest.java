package io.hardway.isolation.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.IntLiteral;
import io.hardway.spi.IntOperand;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.ContainerProcess;
import io.hardway.spi.spec.CpuAffinity;
import io.hardway.spi.spec.IoPriority;
import io.hardway.spi.spec.LinuxSettings;
import io.hardway.spi.spec.MemoryPolicy;
import io.hardway.spi.spec.Scheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulingTest {
  private static List<Operation> operations(Consumer<PlanBuilder> contribution) {
    PlanAssembler assembler = new PlanAssembler();
    contribution.accept(assembler.forPlugin("isolation"));
    List<Operation> operations = new ArrayList<>();
    assembler.run(Optional.empty()).steps().forEach(step -> operations.add(step.operation()));
    return operations;
  }

  private static List<Operation> operations(
      ContainerProcess.Builder process, LinuxSettings.Builder linux) {
    return operations(plan -> Scheduling.contribute(plan.host(), process.build(), linux.build()));
  }

  private static ContainerProcess.Builder process(Scheduler.Builder scheduler) {
    return ContainerProcess.builder().scheduler(scheduler.build());
  }

  private static long value(IntOperand operand) {
    return ((IntLiteral) operand).value();
  }

  private static byte[] bytes(Text text) {
    return text.pieces().get(0).bytes();
  }

  @Test
  void nothingIsDoneWhereNothingIsAskedFor() {
    assertEquals(List.of(), operations(ContainerProcess.builder(), LinuxSettings.builder()));
  }

  @Test
  void namesAreTheKernelsNumbers() {
    Operation.Scheduler deadline =
        (Operation.Scheduler)
            operations(
                    process(
                        Scheduler.builder()
                            .policy("SCHED_DEADLINE")
                            .flags(List.of("SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_DL_OVERRUN"))
                            .runtime(1)
                            .deadline(2)
                            .period(3)),
                    LinuxSettings.builder())
                .get(0);
    assertEquals(6, value(deadline.policy()));
    assertEquals(1 | 4, value(deadline.flags()));
    assertEquals(3, value(deadline.period()));
    Operation.IoPriority idle =
        (Operation.IoPriority)
            operations(
                    ContainerProcess.builder()
                        .ioPriority(
                            IoPriority.builder().type("IOPRIO_CLASS_BE").priority(5).build()),
                    LinuxSettings.builder())
                .get(0);
    assertEquals(2 << 13 | 5, value(idle.priority()));
    List<Operation> ofTheContainer =
        operations(
            ContainerProcess.builder(),
            LinuxSettings.builder()
                .personality("LINUX32")
                .memoryPolicy(
                    MemoryPolicy.builder()
                        .mode("MPOL_INTERLEAVE")
                        .nodes("0,2-3")
                        .flags(List.of("MPOL_F_STATIC_NODES"))
                        .build()));
    assertEquals(8, value(((Operation.Personality) ofTheContainer.get(0)).domain()));
    Operation.MemoryPolicy policy = (Operation.MemoryPolicy) ofTheContainer.get(1);
    assertEquals(3 | 1 << 15, value(policy.mode()));
    assertArrayEquals(new byte[] {0b1101, 0, 0, 0, 0, 0, 0, 0}, bytes(policy.nodes()));
  }

  @Test
  void aProcessOfExecGoesBackToAllProcessorsWhereOnlyItsEntryIsTold() {
    CpuAffinity entry = CpuAffinity.builder().initial("64").build();
    List<Operation> before = operations(plan -> Scheduling.contributeInitial(plan.host(), entry));
    byte[] one = bytes(((Operation.Affinity) before.get(0)).processors());
    assertEquals(16, one.length);
    assertEquals(1, one[8]);
    List<Operation> then = operations(plan -> Scheduling.contributeFinal(plan.host(), entry));
    for (byte all : bytes(((Operation.Affinity) then.get(0)).processors())) {
      assertEquals(-1, all);
    }
    CpuAffinity none = CpuAffinity.builder().build();
    assertEquals(List.of(), operations(plan -> Scheduling.contributeFinal(plan.host(), none)));
  }

  @ParameterizedTest
  @CsvSource({
    "SCHED_NONE, 0, 0, 0, process.scheduler.policy",
    "SCHED_OTHER, 20, 0, 0, process.scheduler.nice",
    "SCHED_OTHER, 0, 1, 0, process.scheduler.priority",
    "SCHED_FIFO, 0, 0, 0, process.scheduler.priority",
    "SCHED_RR, 0, 100, 0, process.scheduler.priority",
    "SCHED_OTHER, 0, 0, 1, process.scheduler: runtime",
  })
  void whatNoKernelTakesIsRefusedByItsPlace(
      String policy, int nice, int priority, long runtime, String place) {
    ContainerProcess.Builder process =
        process(Scheduler.builder().policy(policy).nice(nice).priority(priority).runtime(runtime));
    PlanningException refusal =
        assertThrows(PlanningException.class, () -> operations(process, LinuxSettings.builder()));
    assertTrue(refusal.getMessage().startsWith(place), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"''", "a", "'1,'", "3-2", "-1", "99999999999", "8192"})
  void whatIsNoListIsRefused(String list) {
    CpuAffinity wrong = CpuAffinity.builder().last(list).build();
    assertThrows(
        PlanningException.class,
        () -> operations(plan -> Scheduling.contributeFinal(plan.host(), wrong)));
  }
}
