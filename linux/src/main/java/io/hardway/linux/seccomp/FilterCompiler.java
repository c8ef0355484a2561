package io.hardway.linux.seccomp;

import com.sun.jna.LastErrorException;
import com.sun.jna.Pointer;
import io.hardway.spi.PlanningException;
import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Makes programs of filters, by libseccomp, for this architecture or another. Names of calls that
 * the library does not know are left out, as runc does: what is newer than the profile gets ENOSYS
 * where the profile denies what it does not name.
 *
 * <p>Loads JNA and libseccomp.
 *
 * @since 0.1
 */
public final class FilterCompiler {
  /** BPF_MAXINSNS of {@code linux/bpf_common.h}. */
  private static final int MAX_INSTRUCTIONS = 4096;

  /** With this the library does not ask the running kernel which actions there are. */
  private static final int API_LEVEL = 5;

  private static final int ATTRIBUTE_BAD_ARCHITECTURE = 2;
  private static final int ATTRIBUTE_OPTIMIZE = 8;
  private static final int BINARY_TREE = 2;
  private static final int KILL_PROCESS = 0x8000_0000;
  private static final int UNKNOWN = -1;
  private static final int EEXIST = 17;
  private static final int ARGUMENT_SIZE = 24;

  /** The library's tree is wrong without rules (2.5.4 and older), and gains nothing with few. */
  private static final int MANY = 32;

  private final Seccomp filter;
  private final String place;
  private final int defaultAction;
  private final Prologue prologue = new Prologue();
  private final Set<Integer> architectures = new HashSet<>();

  private FilterCompiler(Seccomp filter, String place) {
    this.filter = filter;
    this.place = place;
    this.defaultAction =
        checked(
            "defaultAction",
            () -> FilterNames.action(filter.defaultAction(), filter.defaultErrnoRet()));
  }

  /**
   * Makes the program of a filter.
   *
   * @param place how errors name the filter
   * @param machine the architecture that it runs on, as {@code uname -m} says it
   * @return an array of {@code struct sock_filter}
   * @throws PlanningException where libseccomp is missing, or the filter is none that can be made
   */
  public static byte[] compile(Seccomp filter, String place, String machine) {
    try {
      LibSeccomp.seccomp_api_set(API_LEVEL);
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new PlanningException(
          place
              + " needs the library libseccomp.so.2, version 2.5 or newer, which cannot be loaded",
          "install libseccomp2 (or libseccomp), or say seccomp=unconfined",
          e);
    }
    return new FilterCompiler(filter, place).compile(machine);
  }

  /**
   * The flags that a filter is installed with, {@code SECCOMP_FILTER_FLAG_*}. Needs no library.
   *
   * @throws PlanningException where one is unknown, or an agent is needed and none is named; names
   *     it
   */
  public static long flags(Seccomp filter, String place) {
    long flags = 0;
    for (int i = 0; i < filter.flags().size(); i++) {
      String name = filter.flags().get(i);
      flags |= checked(place, "flags[" + i + "]", () -> FilterNames.flag(name));
    }
    if (filter.listenerPath().isEmpty()) {
      requireNoAgent(place, "defaultAction", filter.defaultAction());
      for (int i = 0; i < filter.syscalls().size(); i++) {
        requireNoAgent(place, "syscalls[" + i + "].action", filter.syscalls().get(i).action());
      }
    }
    if (filter.listenerPath().isEmpty() && filter.listenerMetadata().isPresent()) {
      throw new PlanningException(
          place + ": listenerMetadata is for an agent, and there is no listenerPath",
          "name the agent's socket in listenerPath, or leave listenerMetadata out");
    }
    return flags;
  }

  private static void requireNoAgent(String place, String where, String action) {
    try {
      FilterNames.requireNoAgent(action);
    } catch (IllegalArgumentException e) {
      throw new PlanningException(
          place + ": " + where + ": " + e.getMessage(), "name its socket in listenerPath", e);
    }
  }

  /** The socket of the agent that decides about calls, where a rule says that one does. */
  public static Optional<Path> agent(Seccomp filter) {
    boolean asks = FilterNames.isForAgent(filter.defaultAction());
    for (SeccompRule rule : filter.syscalls()) {
      asks |= FilterNames.isForAgent(rule.action());
    }
    return asks ? filter.listenerPath().map(Path::of) : Optional.empty();
  }

  private byte[] compile(String machine) {
    Pointer context = LibSeccomp.seccomp_init(defaultAction);
    if (context == null) {
      throw new PlanningException(
          place + ": libseccomp refuses the action " + filter.defaultAction());
    }
    try {
      architectures(context, machine);
      require(
          LibSeccomp.seccomp_attr_set(context, ATTRIBUTE_BAD_ARCHITECTURE, KILL_PROCESS),
          "calls of other architectures");
      if (filter.syscalls().stream().mapToInt(rule -> rule.names().size()).sum() > MANY) {
        require(
            LibSeccomp.seccomp_attr_set(context, ATTRIBUTE_OPTIMIZE, BINARY_TREE), "optimizing");
      }
      for (int i = 0; i < filter.syscalls().size(); i++) {
        rule(context, filter.syscalls().get(i), "syscalls[" + i + "]");
      }
      prologue();
      return exported(context);
    } finally {
      LibSeccomp.seccomp_release(context);
    }
  }

  private void architectures(Pointer context, String machine) {
    String own = FilterNames.ofMachine(machine);
    if (own.isEmpty()) {
      throw new PlanningException(
          place + ": libseccomp knows no architecture " + machine, "say seccomp=unconfined");
    }
    add(context, own, "architecture");
    for (int i = 0; i < filter.architectures().size(); i++) {
      add(context, filter.architectures().get(i), "architectures[" + i + "]");
    }
    int here = LibSeccomp.seccomp_arch_native();
    if (!architectures.contains(here)) {
      require(LibSeccomp.seccomp_arch_remove(context, here), "this machine's architecture");
    }
  }

  private void add(Pointer context, String name, String where) {
    int token =
        LibSeccomp.seccomp_arch_resolve_name(
            terminated(checked(where, () -> FilterNames.architecture(name))));
    if (token == 0) {
      throw new PlanningException(place + ": " + where + ": libseccomp knows no " + name);
    }
    int result = LibSeccomp.seccomp_arch_add(context, token);
    if (result != -EEXIST) {
      require(result, where + ": " + name);
    }
    architectures.add(token);
  }

  private void rule(Pointer context, SeccompRule rule, String where) {
    int action =
        checked(where + ".action", () -> FilterNames.action(rule.action(), rule.errnoRet()));
    if (action == defaultAction) {
      return; // the library refuses what changes nothing
    }
    List<SeccompArgument> arguments = rule.args();
    Set<Long> compared = new HashSet<>();
    boolean twice = false;
    for (SeccompArgument argument : arguments) {
      twice |= !compared.add(argument.index());
    }
    for (String name : rule.names()) {
      int call = LibSeccomp.seccomp_syscall_resolve_name(terminated(name));
      if (call == UNKNOWN) {
        continue;
      }
      if (!twice) {
        add(context, action, call, where + ": " + name, arguments, where);
        continue;
      }
      // As runc: of conditions on one argument each is a rule, and one must hold.
      for (SeccompArgument argument : arguments) {
        add(context, action, call, where + ": " + name, List.of(argument), where);
      }
    }
  }

  private void add(
      Pointer context,
      int action,
      int call,
      String what,
      List<SeccompArgument> arguments,
      String where) {
    byte[] encoded = null;
    if (!arguments.isEmpty()) {
      ByteBuffer buffer =
          ByteBuffer.allocate(arguments.size() * ARGUMENT_SIZE).order(ByteOrder.nativeOrder());
      for (int i = 0; i < arguments.size(); i++) {
        SeccompArgument argument = arguments.get(i);
        if (argument.index() < 0 || argument.index() > 5) {
          throw new PlanningException(
              place + ": " + where + ".args[" + i + "].index must be 0 to 5");
        }
        int operator =
            checked(where + ".args[" + i + "].op", () -> FilterNames.operator(argument.op()));
        buffer.putInt((int) argument.index()).putInt(operator);
        buffer.putLong(argument.value()).putLong(argument.valueTwo());
      }
      encoded = buffer.array();
    }
    require(
        LibSeccomp.seccomp_rule_add_array(context, action, call, arguments.size(), encoded), what);
  }

  private void prologue() {
    boolean hidden = architectures.contains(Prologue.Architecture.X86.token());
    Set<String> open = new HashSet<>();
    for (SeccompRule rule : filter.syscalls()) {
      if (rule.args().isEmpty()) {
        open.addAll(rule.names());
      }
    }
    if (hidden && !open.contains("socketcall")) {
      for (SeccompRule rule : filter.syscalls()) {
        for (String name : rule.args().isEmpty() ? List.<String>of() : rule.names()) {
          if (!open.contains(name)) {
            prologue.conditional(name);
          }
        }
      }
    }
    if (FilterNames.lets(filter.defaultAction())) {
      return;
    }
    for (int architecture : architectures) {
      for (SeccompRule rule : filter.syscalls()) {
        for (String name : rule.names()) {
          prologue.named(
              architecture,
              LibSeccomp.seccomp_syscall_resolve_name_arch(architecture, terminated(name)));
        }
      }
    }
  }

  private byte[] exported(Pointer context) {
    byte[] program;
    try (MemoryFile file = new MemoryFile()) {
      require(LibSeccomp.seccomp_export_bpf(context, file.descriptor()), "making the program");
      program = file.content((MAX_INSTRUCTIONS + 1) * Instructions.SIZE);
    } catch (LastErrorException e) {
      throw new PlanningException(
          place + ": the program cannot be read back: " + e.getMessage(), "", e);
    }
    byte[] whole = prologue.before(program);
    if (whole.length > MAX_INSTRUCTIONS * Instructions.SIZE) {
      throw new PlanningException(
          place
              + " makes a program of more than "
              + MAX_INSTRUCTIONS
              + " instructions, which the kernel does not take",
          "use fewer rules, or fewer architectures");
    }
    return whole;
  }

  private void require(int result, String what) {
    if (result < 0) {
      throw new PlanningException(
          place
              + ": "
              + what
              + ": libseccomp refuses it with errno "
              + -result
              + (result == -EEXIST ? ": another rule says something else" : ""));
    }
  }

  /** A word that is looked up. */
  @FunctionalInterface
  private interface Word<T> {
    T meaning();
  }

  private <T> T checked(String where, Word<T> word) {
    return checked(place, where, word);
  }

  private static <T> T checked(String place, String where, Word<T> word) {
    try {
      return word.meaning();
    } catch (IllegalArgumentException e) {
      throw new PlanningException(place + ": " + where + ": " + e.getMessage(), "", e);
    }
  }

  private static byte[] terminated(String name) {
    return (name + "\0").getBytes(StandardCharsets.UTF_8);
  }

  /** How many instructions a program has. */
  public static int instructions(byte[] program) {
    return program.length / Instructions.SIZE;
  }
}
