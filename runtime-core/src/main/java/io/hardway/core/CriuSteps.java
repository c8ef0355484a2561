package io.hardway.core;

import io.hardway.spi.FdSlot;
import io.hardway.spi.IntOperand;
import io.hardway.spi.IntSlot;
import io.hardway.spi.Location;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.PlanAssembler;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps that run criu(8) as the container process, and ask it over a socket for one thing;
 * criu's images/rpc.proto.
 */
final class CriuSteps {
  /** What it is asked for. */
  enum Request {
    DUMP(1, "dump.log"),
    RESTORE(2, "restore.log"),
    PRE_DUMP(4, "dump.log");

    private final int type;
    private final String log;

    Request(int type, String log) {
      this.type = type;
      this.log = log;
    }
  }

  /** Fields of {@code criu_opts}. */
  static final int PID = 2;

  static final int EVASIVE_DEVICES = 6;
  static final int ROOT = 13;
  static final int RESTORE_SIBLING = 26;
  static final int PARENT_IMAGES = 14;
  static final int TRACK_MEMORY = 15;
  static final int EXTERNAL = 37;
  static final int JOIN_NAMESPACE = 39;
  static final int FREEZE_GROUP = 44;
  static final int NETWORK_LOCK = 64;
  private static final int LOG_LEVEL = 9;
  private static final int LOG_FILE = 10;
  private static final int NOTIFY = 12;
  private static final int MANAGE_GROUPS = 24;
  private static final int MANAGE_GROUPS_MODE = 34;
  private static final int EMPTY_NAMESPACES = 38;
  private static final int ORPHAN_TERMINALS = 50;
  private static final int CONFIG_FILE = 51;
  private static final int LSM_PROFILE = 53;
  private static final int LSM_MOUNT_CONTEXT = 63;

  private static final String CONFIG_ANNOTATION = "org.criu.config";
  private static final String CONFIG = "/etc/criu/runc.conf";
  private static final int INFORMATION = 4;
  private static final long NEW_NETWORK = 0x4000_0000L;
  private static final int PRIVATE = 0700;

  private final PlanAssembler assembler;
  private final CheckpointOptions options;
  private final Request request;
  private final FdSlot ours;
  private final FdSlot theirs;
  private final List<FdSlot> kept = new ArrayList<>();
  private final List<Text> inherited = new ArrayList<>();

  CriuSteps(PlanAssembler assembler, CheckpointOptions options, Request request) {
    this.assembler = assembler;
    this.options = options;
    this.request = request;
    this.ours = assembler.fdSlot("socket to criu");
    this.theirs = assembler.fdSlot("criu's socket");
    assembler.add(
        Phase.HOST,
        StartPlanner.CORE,
        new Operation.SocketPair(ours, theirs),
        "make the sockets by which criu is asked");
  }

  /** Has it inherit a descriptor under a key. */
  void inherit(FdSlot descriptor, String key) {
    kept.add(descriptor);
    inherited.add(Text.builder().decimal(descriptor).literal(" " + key).build());
  }

  /** Has it inherit a standard stream under a key. */
  void inherit(int stream, String key) {
    inherited.add(Text.of(stream + " " + key));
  }

  /** What each request says. */
  ProtocolMessage message(Spec spec) {
    ProtocolMessage message =
        new ProtocolMessage()
            .number(LOG_LEVEL, INFORMATION)
            .text(LOG_FILE, request.log)
            .yes(NOTIFY)
            .yes(MANAGE_GROUPS)
            .number(MANAGE_GROUPS_MODE, options.groups().mode())
            // Who makes the container makes its network, as with runc.
            .number(EMPTY_NAMESPACES, NEW_NETWORK)
            .yes(ORPHAN_TERMINALS);
    for (CheckpointOptions.Allowance allowance : options.allowances()) {
      message.yes(allowance.field());
    }
    String config = spec.annotations().getOrDefault(CONFIG_ANNOTATION, CONFIG);
    if (!config.isEmpty()) {
      message.text(CONFIG_FILE, config);
    }
    options.lsmProfile().ifPresent(profile -> message.text(LSM_PROFILE, profile));
    options.lsmMountContext().ifPresent(context -> message.text(LSM_MOUNT_CONTEXT, context));
    return message;
  }

  /** Executes it as the container process. */
  void execute() {
    var confine = assembler.stage(Phase.CONFINE, StartPlanner.CORE);
    confine.closeOthers(0).label("close all other descriptors");
    keep(theirs, "leave criu its socket");
    for (FdSlot descriptor : kept) {
      keep(descriptor, "leave criu the " + descriptor.name());
    }
    assembler.add(
        Phase.CONFINE,
        StartPlanner.CORE,
        new Operation.Exec(
            List.of(
                Text.of(options.criu()), Text.of("swrk"), Text.builder().decimal(theirs).build()),
            environment(),
            Text.empty()),
        "execute criu");
  }

  private void keep(FdSlot descriptor, String label) {
    assembler.add(Phase.CONFINE, StartPlanner.CORE, new Operation.KeepOpen(descriptor), label);
  }

  private List<Text> environment() {
    List<Text> environment = new ArrayList<>();
    for (String variable : options.environment()) {
      environment.add(Text.of(variable));
    }
    return environment;
  }

  /**
   * Opens a directory that it works in, in its mount namespace: it mounts there. One of a
   * checkpoint is made where it is missing.
   */
  FdSlot open(Path directory, String what) {
    if (request != Request.RESTORE || !directory.equals(options.images())) {
      assembler
          .stage(Phase.HOST, StartPlanner.CORE)
          .mkdirs(Location.host(directory), PRIVATE)
          .label("make the directory of " + what + " where it is missing");
    }
    FdSlot slot = assembler.fdSlot("directory of " + what);
    assembler
        .stage(Phase.ENTER, StartPlanner.CORE)
        .open(Location.host(directory), 0, 0, slot)
        .label("open the directory of " + what);
    return slot;
  }

  /**
   * Asks it for what is in the message, and waits until it has done that.
   *
   * @param identity receives which process it restores; empty for none
   * @param plan performed when that process is in its namespaces; empty for none
   * @param last performed when all is restored and stands still; empty for none
   * @param terminal receives the master side of a terminal that it restores; or none
   */
  void ask(
      ProtocolMessage message,
      FdSlot[] directories,
      Text identity,
      Text plan,
      Text last,
      FdSlot terminal) {
    assembler
        .stage(Phase.STARTED, StartPlanner.CORE)
        .close(theirs)
        .label("leave that socket to criu");
    boolean restores = request == Request.RESTORE;
    assembler
        .add(
            Phase.STARTED,
            StartPlanner.CORE,
            new Operation.Criu(
                ours,
                IntOperand.of(request.type),
                Text.bytes(message.toBytes()),
                directories[0],
                directories[1],
                inherited,
                Text.of(options.log(request.log)),
                identity,
                plan,
                last,
                restores ? assembler.pid() : IntSlot.NONE,
                restores ? assembler.pidfd() : FdSlot.NONE,
                restores ? assembler.startTime() : TextSlot.NONE,
                terminal),
            switch (request) {
              case DUMP -> "have criu write what the container is";
              case PRE_DUMP -> "have criu write what the container has in memory";
              case RESTORE -> "have criu restore the container";
            })
        .hint("`criu check` says what criu lacks on this host");
  }
}
