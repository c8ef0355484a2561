package io.hardway.core.explain;

import io.hardway.spi.BindMount;
import io.hardway.spi.Container;
import io.hardway.spi.Depth;
import io.hardway.spi.Errno;
import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.MountPointKind;
import io.hardway.spi.PlanBuilder;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.Waiting;
import io.hardway.spi.plan.PlanAssembler;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A plan with one step of most kinds, as a real one would have it. */
final class ExamplePlan {
  static final String ID = "4f".repeat(32);
  static final Container CONTAINER =
      Container.builder()
          .id(ID)
          .state(Path.of("/run/hardway/containers/" + ID))
          .data(Path.of("/var/lib/hardway/containers/" + ID))
          .build();

  private ExamplePlan() {}

  static Explanation explanation() {
    PlanAssembler assembler = new PlanAssembler();
    core(assembler.forPlugin("core"));
    cgroup(assembler.forPlugin("cgroup-v1"));
    files(assembler.forPlugin("fs-overlay"));
    isolation(assembler, assembler.forPlugin("isolation-linux"));
    return Explanation.of(
            "hardway run --rm --memory 64m --rootfs /srv/alpine -- sh -c 'echo $HOME'",
            assembler.run(Optional.empty()))
        .withContainer(CONTAINER)
        .withTeardown(assembler.teardown())
        .withRemoval(assembler.removal());
  }

  private static void core(PlanBuilder plan) {
    plan.host()
        .lock(Path.of("/run/hardway/owners/" + ID), Waiting.NEVER, plan.fdSlot("owner"))
        .label("take the container's lock");
    plan.host()
        .mkdir(Location.host(CONTAINER.state()), 0711)
        .label("make the container's state directory");
    plan.host()
        .replace(
            CONTAINER.data().resolve("config.json"),
            0600,
            Text.of("{\"ociVersion\": \"1.3.0\",\n \"process\": {}}\n"))
        .label("store what was asked for");
  }

  private static void cgroup(PlanBuilder plan) {
    String group = "/sys/fs/cgroup/memory/hardway/" + ID;
    FdSlot tasks = plan.fdSlot("memory tasks");
    plan.host()
        .mkdir(Location.host(group), 0755)
        .ignoring(Errno.EEXIST)
        .label("make the group for memory");
    plan.host()
        .write(Location.host(group + "/memory.limit_in_bytes"), "67108864")
        .label("limit memory to 64 MiB");
    plan.host().write(Location.host(group + "/memory.swappiness"), "0").bestEffort();
    plan.host()
        .openForWriting(Location.host(group + "/tasks"), tasks)
        .label("open the group's tasks");
    plan.host().deviceProgram(Path.of("/sys/fs/cgroup/hardway", ID), new byte[24]);
    plan.enter().writeTo(tasks, Text.of("0")).label("join the group for memory");
    plan.kill().killGroupV1(List.of(Path.of(group)));
    plan.teardown().removeGroup(Path.of(group), 5000);
  }

  private static void files(PlanBuilder plan) {
    Path layer = CONTAINER.data().resolve("layer");
    plan.host()
        .mkdir(Location.host(layer), 0700, 100000, 100000)
        .label("make the directory of the container's own layer");
    plan.root()
        .mount(
            Text.of("overlay"),
            Location.host(CONTAINER.state().resolve("merged")),
            "overlay",
            0,
            "lowerdir=/srv/alpine,upperdir="
                + layer.resolve("upper")
                + ",workdir="
                + layer.resolve("work"),
            MountPointKind.EXISTING)
        .label("mount /srv/alpine with the container's own layer on top");
    plan.removal().removeTree(layer).label("remove the container's own layer");
  }

  private static void isolation(PlanAssembler assembler, PlanBuilder plan) {
    FdSlot root = plan.rootDirectory();
    plan.spawn()
        .spawn(0x7C02_0000L, FdSlot.NONE, FdSlot.NONE, FdSlot.NONE)
        .label("make the container's process in new namespaces");
    plan.paired()
        .write(
            Location.host(
                Text.builder()
                    .literal("/proc/")
                    .decimal(assembler.pid())
                    .literal("/uid_map")
                    .build()),
            "0 100000 65536")
        .label("map user ids");
    plan.enter()
        .propagation("/", 0x4000 | (1 << 19))
        .label("keep mounts from spreading to the host");
    plan.mounts()
        .openPath(Location.host(CONTAINER.state().resolve("merged")), root)
        .label("open the root");
    plan.mounts()
        .mount(
            Text.of("proc"),
            Location.in(root, "proc"),
            "proc",
            2 | 4 | 8,
            "",
            MountPointKind.DIRECTORY)
        .label("mount /proc");
    plan.mounts()
        .bind(
            BindMount.of(Text.of(Path.of("/srv/my data")), Location.in(root, "data"))
                .depth(Depth.RECURSIVE)
                .attributes(1, 0)
                .propagation(1 << 18)
                .build())
        .label("bind /srv/my data on /data, read-only");
    plan.mounts().mask(Location.in(root, "proc/kcore"));
    plan.mounts().netlink(0, Text.bytes(loopbackUp())).label("bring up the loopback device");
    plan.confine().hostname("4f4f4f4f4f4f").label("set the host name");
    plan.confine().pivotRoot(CONTAINER.state().resolve("merged")).label("make it the root");
    plan.confine().rlimit(7, 1024, 4096).label("limit open files");
    IntSlot uid = plan.intSlot("uid");
    IntSlot gid = plan.intSlot("gid");
    TextSlot groups = plan.textSlot("groups");
    plan.confine()
        .resolveUser(FdSlot.NONE, "alice:users", List.of(), uid, gid, groups, TextSlot.NONE);
    plan.confine().bounding(0x4 | 0x20);
    plan.confine().credentials(uid, gid, Text.builder().text(groups).build());
    plan.confine().credentials(IntOperand.of(0), IntOperand.of(0), Text.of("-"));
    plan.confine().seccomp(new byte[80], 0);
    plan.confine()
        .exec(List.of("sh", "-c", "echo $HOME"), List.of("PATH=/bin", "GREETING=it's"), "")
        .label("execute the program");
  }

  /** RTM_NEWLINK for interface 1 with IFF_UP set and changed. */
  static byte[] loopbackUp() {
    byte[] message = new byte[32];
    message[0] = 32;
    message[4] = 16;
    message[20] = 1;
    message[24] = 1;
    message[28] = 1;
    return message;
  }
}
