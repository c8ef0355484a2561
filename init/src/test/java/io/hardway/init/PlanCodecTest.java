package io.hardway.init;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Text;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PlanCodecTest {

  private static Plan sample() {
    PlanAssembler assembler = new PlanAssembler();
    PlanBuilder plan = assembler.forPlugin("sample");
    FdSlot file = plan.fdSlot("file");
    plan.host()
        .open(Location.host("/etc/hosts"), 0, 0, file)
        .hint("look whether /etc/hosts exists");
    plan.host()
        .mkdir(Location.host("/tmp/größe"), 0755)
        .ignoring(Errno.EEXIST, Errno.EROFS)
        .retry(100);
    plan.host().write(Location.host("/tmp/x"), Text.bytes(new byte[] {1, 0, 2}));
    plan.host()
        .run(
            HelperProgram.of(
                    List.of(
                        Text.of("/bin/echo"), Text.builder().literal("fd ").decimal(file).build()))
                .build());
    plan.spawn().spawn(0x20000000, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE);
    plan.paired()
        .replace(
            Path.of("/tmp/id"),
            0600,
            Text.builder().decimal(plan.pid()).literal(" ").text(plan.startTime()).build());
    plan.enter()
        .netlink(0, Text.builder().bytes(new byte[] {9, 0, 9}).binary(plan.pid()).build())
        .bestEffort();
    plan.mounts()
        .mount(
            Text.of("proc"),
            Location.in(plan.rootDirectory(), "/proc"),
            "proc",
            14,
            "",
            MountPointKind.DIRECTORY);
    plan.confine().exec(List.of("/bin/true"), List.of("A=1"), "");
    return assembler.run(Optional.of(Path.of("/run/undo.plan")));
  }

  @Test
  void decodingGivesBackWhatWasEncoded() {
    Plan plan = sample();
    byte[] bytes = PlanCodec.encode(plan);
    Plan again = PlanCodec.decode(bytes);
    assertArrayEquals(bytes, PlanCodec.encode(again));
    assertEquals(plan.steps().size(), again.steps().size());
    assertEquals(Optional.of(Path.of("/run/undo.plan")), again.undo());
    assertEquals("look whether /etc/hosts exists", again.steps().get(0).hint());
    assertArrayEquals(new int[] {Errno.EEXIST, Errno.EROFS}, again.steps().get(1).ignored());
    assertEquals(
        "/tmp/größe", ((Operation.Mkdir) again.steps().get(1).operation()).path().toString());
    assertEquals(100, again.steps().get(1).retryMillis());
  }

  @Test
  void aHandoffStandsWhereTheActorChanges() {
    Plan plan = sample();
    List<String> keywords = plan.steps().stream().map(step -> step.operation().keyword()).toList();
    assertEquals(
        List.of(
            "open", "mkdir", "write", "run", "spawn", "replace", "handoff", "netlink", "mount",
            "exec"),
        keywords);
  }

  @Test
  void textWithNulIsRefused() {
    PlanAssembler assembler = new PlanAssembler();
    assembler.forPlugin("sample").host().mkdir(Location.host("/tmp/a\0b"), 0700);
    Plan plan = assembler.run(Optional.empty());
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> PlanCodec.encode(plan));
    assertTrue(refusal.getMessage().contains("NUL"), refusal.getMessage());
  }

  @Test
  void damagedPlansAreRefusedInWords() {
    byte[] bytes = PlanCodec.encode(sample());
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      byte[] damaged = bytes.clone();
      for (int hits = random.nextInt(4); hits >= 0; hits--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      try {
        PlanCodec.decode(damaged);
      } catch (IllegalArgumentException refused) {
        assertTrue(refused.getMessage() != null && !refused.getMessage().isEmpty());
      }
    }
  }

  @Test
  void everyTruncationIsRefused() {
    byte[] bytes = PlanCodec.encode(sample());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThrows(IllegalArgumentException.class, () -> PlanCodec.decode(cut));
    }
  }
}
