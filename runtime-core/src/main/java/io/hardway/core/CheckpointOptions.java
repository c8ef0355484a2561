package io.hardway.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a container of the OCI runtime is checkpointed or restored, as its caller says;
 * runc-checkpoint(8), runc-restore(8).
 *
 * @param criu the program that does it
 * @param environment its environment, each {@code NAME=VALUE}
 * @param images the directory of its images
 * @param work the directory of its log, and of what it needs meanwhile; none: that of the images
 * @param parent the directory of an earlier checkpoint or pre-dump, relative to that of the images;
 *     of memory only what has changed since then is written
 * @param allowances what is done beside the plain
 * @param groups what becomes of control groups
 * @param lsmProfile {@code TYPE:NAME}, the security label instead of the one it had
 * @param lsmMountContext the label of mounts that have one, instead of theirs
 */
public record CheckpointOptions(
    Path criu,
    List<String> environment,
    Path images,
    Optional<Path> work,
    Optional<String> parent,
    Set<Allowance> allowances,
    Groups groups,
    Optional<String> lsmProfile,
    Optional<String> lsmMountContext) {

  /** The options. */
  public CheckpointOptions {
    environment = List.copyOf(environment);
    allowances = Set.copyOf(allowances);
  }

  /**
   * What is done beside the plain; each with its field of {@code criu_opts} in criu's rpc.proto.
   */
  public enum Allowance {
    /** The container goes on. */
    LEAVE_RUNNING(3),
    /** Unix sockets that are connected to somebody outside. */
    EXTERNAL_UNIX_SOCKETS(4),
    /** TCP connections, which are restored as they were. */
    TCP_ESTABLISHED(5),
    /** Processes of a session, and with a terminal, of somebody outside. */
    SHELL_JOB(7),
    /** Locks of files. */
    FILE_LOCKS(8),
    /** Of memory that is in several images only the newest is kept. */
    AUTO_DEDUP(16),
    /** Files that have been unlinked, where they can be linked again meanwhile. */
    LINK_REMAP(18),
    /** TCP connections that are not established yet are left out. */
    TCP_SKIP_IN_FLIGHT(46);

    private final int field;

    Allowance(int field) {
      this.field = field;
    }

    int field() {
      return field;
    }
  }

  /** What becomes of control groups; {@code criu_cg_mode} of criu's rpc.proto. */
  public enum Groups {
    /** They are left alone, and those of before are not known. */
    IGNORE(0),
    /** Those that are missing are made, with their limits. */
    SOFT(3),
    /** All get the limits they had. */
    FULL(4),
    /** None may be there. */
    STRICT(5);

    private final int mode;

    Groups(int mode) {
      this.mode = mode;
    }

    int mode() {
      return mode;
    }
  }

  /** Where criu writes its log. */
  Path log(String name) {
    return work.orElse(images).resolve(name);
  }
}
