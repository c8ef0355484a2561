package io.hardway.spi.spec;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The program a container runs and what it runs as; config.md, "Process".
 *
 * <p>Immutable; made with {@link #builder()}.
 *
 * @since 0.1
 */
public final class ContainerProcess {
  private final boolean terminal;
  private final OptionalInt consoleRows;
  private final OptionalInt consoleColumns;
  private final User user;
  private final List<String> args;
  private final List<String> env;
  private final String cwd;
  private final CapabilitySets capabilities;
  private final List<Rlimit> rlimits;
  private final boolean noNewPrivileges;
  private final Optional<String> apparmorProfile;
  private final Optional<String> selinuxLabel;
  private final OptionalInt oomScoreAdj;
  private final Optional<Scheduler> scheduler;
  private final Optional<IoPriority> ioPriority;
  private final Optional<CpuAffinity> execCpuAffinity;

  private ContainerProcess(Builder from) {
    this.terminal = from.terminal;
    this.consoleRows = from.consoleRows;
    this.consoleColumns = from.consoleColumns;
    this.user = from.user;
    this.args = from.args;
    this.env = from.env;
    this.cwd = from.cwd;
    this.capabilities = from.capabilities;
    this.rlimits = from.rlimits;
    this.noNewPrivileges = from.noNewPrivileges;
    this.apparmorProfile = from.apparmorProfile;
    this.selinuxLabel = from.selinuxLabel;
    this.oomScoreAdj = from.oomScoreAdj;
    this.scheduler = from.scheduler;
    this.ioPriority = from.ioPriority;
    this.execCpuAffinity = from.execCpuAffinity;
  }

  /** A builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    Builder copy = new Builder();
    copy.terminal = terminal;
    copy.consoleRows = consoleRows;
    copy.consoleColumns = consoleColumns;
    copy.user = user;
    copy.args = args;
    copy.env = env;
    copy.cwd = cwd;
    copy.capabilities = capabilities;
    copy.rlimits = rlimits;
    copy.noNewPrivileges = noNewPrivileges;
    copy.apparmorProfile = apparmorProfile;
    copy.selinuxLabel = selinuxLabel;
    copy.oomScoreAdj = oomScoreAdj;
    copy.scheduler = scheduler;
    copy.ioPriority = ioPriority;
    copy.execCpuAffinity = execCpuAffinity;
    return copy;
  }

  /** Whether it gets a pseudo-terminal of its own. */
  public boolean terminal() {
    return terminal;
  }

  /** The height of the terminal in characters. */
  public OptionalInt consoleRows() {
    return consoleRows;
  }

  /** The width of the terminal in characters. */
  public OptionalInt consoleColumns() {
    return consoleColumns;
  }

  /** Who it runs as. */
  public User user() {
    return user;
  }

  /** The program and its arguments. */
  public List<String> args() {
    return args;
  }

  /** Its environment, each {@code NAME=VALUE}. */
  public List<String> env() {
    return env;
  }

  /** The directory it starts in, absolute inside the root. */
  public String cwd() {
    return cwd;
  }

  /** Its capabilities. */
  public CapabilitySets capabilities() {
    return capabilities;
  }

  /** Its resource limits, see setrlimit(2). */
  public List<Rlimit> rlimits() {
    return rlimits;
  }

  /** Whether execve may give it no more privileges, see prctl(2), PR_SET_NO_NEW_PRIVS. */
  public boolean noNewPrivileges() {
    return noNewPrivileges;
  }

  /** The AppArmor profile it is confined by. */
  public Optional<String> apparmorProfile() {
    return apparmorProfile;
  }

  /** The SELinux label it runs with. */
  public Optional<String> selinuxLabel() {
    return selinuxLabel;
  }

  /**
   * How readily the kernel kills it when memory is short, -1000 to 1000; proc_pid_oom_score_adj(5).
   */
  public OptionalInt oomScoreAdj() {
    return oomScoreAdj;
  }

  /** How the kernel chooses when it runs; absent: as it chooses for others. */
  public Optional<Scheduler> scheduler() {
    return scheduler;
  }

  /** Whose input and output goes first. */
  public Optional<IoPriority> ioPriority() {
    return ioPriority;
  }

  /** The processors it runs on, where it is one of exec. */
  public Optional<CpuAffinity> execCpuAffinity() {
    return execCpuAffinity;
  }

  /** Collects the values of a {@link ContainerProcess}. */
  public static final class Builder {
    private boolean terminal = false;
    private OptionalInt consoleRows = OptionalInt.empty();
    private OptionalInt consoleColumns = OptionalInt.empty();
    private User user = User.builder().build();
    private List<String> args = List.of();
    private List<String> env = List.of();
    private String cwd = "/";
    private CapabilitySets capabilities = CapabilitySets.builder().build();
    private List<Rlimit> rlimits = List.of();
    private boolean noNewPrivileges = false;
    private Optional<String> apparmorProfile = Optional.empty();
    private Optional<String> selinuxLabel = Optional.empty();
    private OptionalInt oomScoreAdj = OptionalInt.empty();
    private Optional<Scheduler> scheduler = Optional.empty();
    private Optional<IoPriority> ioPriority = Optional.empty();
    private Optional<CpuAffinity> execCpuAffinity = Optional.empty();

    private Builder() {}

    /** Sets {@link ContainerProcess#terminal()}. */
    public Builder terminal(boolean value) {
      terminal = value;
      return this;
    }

    /** Sets {@link ContainerProcess#consoleRows()}. */
    public Builder consoleRows(int value) {
      consoleRows = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#consoleColumns()}. */
    public Builder consoleColumns(int value) {
      consoleColumns = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#user()}. */
    public Builder user(User value) {
      user = value;
      return this;
    }

    /** Sets {@link ContainerProcess#args()}. */
    public Builder args(List<String> value) {
      args = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerProcess#env()}. */
    public Builder env(List<String> value) {
      env = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerProcess#cwd()}. */
    public Builder cwd(String value) {
      cwd = Objects.requireNonNull(value, "cwd");
      return this;
    }

    /** Sets {@link ContainerProcess#capabilities()}. */
    public Builder capabilities(CapabilitySets value) {
      capabilities = value;
      return this;
    }

    /** Sets {@link ContainerProcess#rlimits()}. */
    public Builder rlimits(List<Rlimit> value) {
      rlimits = List.copyOf(value);
      return this;
    }

    /** Sets {@link ContainerProcess#noNewPrivileges()}. */
    public Builder noNewPrivileges(boolean value) {
      noNewPrivileges = value;
      return this;
    }

    /** Sets {@link ContainerProcess#apparmorProfile()}. */
    public Builder apparmorProfile(String value) {
      apparmorProfile = Optional.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#selinuxLabel()}. */
    public Builder selinuxLabel(String value) {
      selinuxLabel = Optional.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#oomScoreAdj()}. */
    public Builder oomScoreAdj(int value) {
      oomScoreAdj = OptionalInt.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#scheduler()}. */
    public Builder scheduler(Scheduler value) {
      scheduler = Optional.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#ioPriority()}. */
    public Builder ioPriority(IoPriority value) {
      ioPriority = Optional.of(value);
      return this;
    }

    /** Sets {@link ContainerProcess#execCpuAffinity()}. */
    public Builder execCpuAffinity(CpuAffinity value) {
      execCpuAffinity = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public ContainerProcess build() {
      return new ContainerProcess(this);
    }
  }
}
