package io.hardway.core.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.hardway.spi.IntOperand;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import org.junit.jupiter.api.Test;

class SchedulingCommandsTest {
  private static IntOperand n(long number) {
    return IntOperand.of(number);
  }

  private static Operation.Scheduler scheduler(long policy, long flags, long nice, long priority) {
    return new Operation.Scheduler(n(policy), n(flags), n(nice), n(priority), n(1), n(2), n(3));
  }

  @Test
  void eachHasTheToolThatDoesIt() {
    assertEquals(
        "chrt --fifo --reset-on-fork --pid 11 $$",
        SchedulingCommands.scheduler(scheduler(1, 1, 0, 11)));
    assertEquals(
        "chrt --batch --pid 0 $$ && renice -n 5 -p $$",
        SchedulingCommands.scheduler(scheduler(3, 0, 5, 0)));
    assertEquals(
        "chrt --deadline --sched-runtime 1 --sched-deadline 2 --sched-period 3 --pid 0 $$",
        SchedulingCommands.scheduler(scheduler(6, 0, 0, 0)));
    assertEquals(
        "ionice -c 2 -n 5 -p $$",
        SchedulingCommands.ioPriority(new Operation.IoPriority(n(2 << 13 | 5))));
    assertEquals(
        "taskset -p -c 0,2-3,8 $$",
        SchedulingCommands.affinity(new Operation.Affinity(Text.bytes(new byte[] {0b1101, 1}))));
    assertEquals(
        "numactl --membind=0 …",
        SchedulingCommands.memoryPolicy(
            new Operation.MemoryPolicy(n(2 | 1 << 15), Text.bytes(new byte[] {1}))));
    assertEquals(
        "setarch linux32 …", SchedulingCommands.personality(new Operation.Personality(n(8))));
  }
}
