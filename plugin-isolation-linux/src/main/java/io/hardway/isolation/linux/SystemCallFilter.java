package io.hardway.isolation.linux;

import io.hardway.linux.seccomp.FilterCompiler;
import io.hardway.spi.FdSlot;
import io.hardway.spi.Host;
import io.hardway.spi.PlanningException;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.Spec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The program that decides about a container's system calls.
 *
 * @param name how people know it
 * @param flags {@code SECCOMP_FILTER_FLAG_*}
 * @param agent the socket of who decides about calls; empty: nobody is asked
 */
record SystemCallFilter(String name, byte[] program, long flags, Optional<Path> agent) {
  /** The annotation that asks for the default; its value is {@code default}. */
  static final String ANNOTATION = "io.hardway.seccomp";

  private static final String OWN_PLACE = "linux.seccomp";
  private static final int INSTRUCTION = 8;

  /** SECCOMP_FILTER_FLAG_TSYNC. */
  private static final long TSYNC = 1;

  /**
   * What a container was asked to have; empty: none.
   *
   * @param store where programs are kept that were made; empty: nowhere
   */
  static Optional<SystemCallFilter> of(Host host, Spec spec, Optional<Path> store) {
    if (spec.linux().seccomp().isPresent()) {
      Seccomp filter = spec.linux().seccomp().get();
      return Optional.of(
          new SystemCallFilter(
              "the container's own profile",
              program(host, filter, OWN_PLACE, store),
              FilterCompiler.flags(filter, OWN_PLACE),
              FilterCompiler.agent(filter)));
    }
    if (!isDefault(spec)) {
      return Optional.empty();
    }
    List<String> capabilities = spec.process().capabilities().bounding();
    Optional<byte[]> shipped = DefaultFilter.shipped(host, capabilities);
    byte[] program =
        shipped.isPresent()
            ? shipped.get()
            : program(host, made(host, capabilities), DefaultFilter.PLACE, store);
    return Optional.of(new SystemCallFilter("default", program, 0, Optional.empty()));
  }

  /** Makes and keeps what {@link #of} would have to make each time. */
  static void prepare(Host host, Spec spec, Path store) {
    if (spec.linux().seccomp().isPresent()) {
      new FilterStore(store).prepare(spec.linux().seccomp().get(), OWN_PLACE, host.architecture());
    } else if (isDefault(spec)) {
      List<String> capabilities = spec.process().capabilities().bounding();
      if (DefaultFilter.shipped(host, capabilities).isEmpty()) {
        new FilterStore(store)
            .prepare(made(host, capabilities), DefaultFilter.PLACE, host.architecture());
      }
    }
  }

  private static Seccomp made(Host host, List<String> capabilities) {
    return DefaultFilter.filter(host.architecture(), host.kernelVersion(), capabilities);
  }

  private static boolean isDefault(Spec spec) {
    String asked = spec.annotations().get(ANNOTATION);
    if (asked != null && !asked.equals("default")) {
      throw new PlanningException(
          "annotation " + ANNOTATION + " is " + asked + ": its value can be default",
          "leave it out for no filter");
    }
    return asked != null;
  }

  private static byte[] program(Host host, Seccomp filter, String place, Optional<Path> store) {
    return store.isPresent()
        ? new FilterStore(store.get()).program(filter, place, host.architecture())
        : FilterCompiler.compile(filter, place, host.architecture());
  }

  /** Adds the step that installs it. */
  StepOptions install(Stage stage, FdSlot connection, Text processState) {
    // With one thread it changes nothing, and beside an agent the kernel has another meaning for
    // it.
    StepOptions step =
        connection == FdSlot.NONE
            ? stage.seccomp(program, flags)
            : stage.seccomp(program, flags & ~TSYNC, connection, processState);
    if (connection != FdSlot.NONE) {
      step.hint("telling the agent takes a thread: pids.limit and RLIMIT_NPROC must let it be");
    }
    return step.label(
        "install the system call filter ("
            + name
            + ", "
            + program.length / INSTRUCTION
            + " instructions)");
  }
}
