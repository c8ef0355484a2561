package io.hardway.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A program of the host that a step runs: the way out for what the set of steps lacks.
 *
 * @since 0.1
 */
public final class HelperProgram {
  private final List<Text> argv;
  private final List<Text> environment;
  private final Text stdin;
  private final Optional<Path> capture;
  private final Path directory;
  private final int timeoutMillis;
  private final Optional<Path> program;
  private final IntSlot status;

  private HelperProgram(Builder from) {
    this.argv = from.argv;
    this.environment = from.environment;
    this.stdin = from.stdin;
    this.capture = from.capture;
    this.directory = from.directory;
    this.timeoutMillis = from.timeoutMillis;
    this.program = from.program;
    this.status = from.status;
  }

  /** A program, by absolute path, and its arguments. */
  public static Builder of(List<Text> argv) {
    return new Builder(argv);
  }

  /** The program and its arguments. */
  public List<Text> argv() {
    return argv;
  }

  /** Its whole environment. */
  public List<Text> environment() {
    return environment;
  }

  /** What it reads. */
  public Text stdin() {
    return stdin;
  }

  /** The file that receives what it prints. */
  public Optional<Path> capture() {
    return capture;
  }

  /** Its working directory. */
  public Path directory() {
    return directory;
  }

  /** After how many milliseconds it is killed; 0: never. */
  public int timeoutMillis() {
    return timeoutMillis;
  }

  /** The file that is executed, where that is another than the first argument. */
  public Optional<Path> program() {
    return program;
  }

  /** Receives the exit status; none: a status other than 0 fails the step. */
  public IntSlot status() {
    return status;
  }

  /**
   * Collects the values of a {@link HelperProgram}.
   *
   * @since 0.1
   */
  public static final class Builder {
    private final List<Text> argv;
    private List<Text> environment = List.of(Text.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin"));
    private Text stdin = Text.empty();
    private Optional<Path> capture = Optional.empty();
    private Path directory = Path.of("/");
    private int timeoutMillis = 10_000;
    private Optional<Path> program = Optional.empty();
    private IntSlot status = IntSlot.NONE;

    private Builder(List<Text> argv) {
      this.argv = List.copyOf(argv);
    }

    /** Sets {@link HelperProgram#environment()}; a plain PATH by default. */
    public Builder environment(List<Text> value) {
      environment = List.copyOf(value);
      return this;
    }

    /** Sets {@link HelperProgram#stdin()}; empty by default. */
    public Builder stdin(Text value) {
      stdin = value;
      return this;
    }

    /** Sets {@link HelperProgram#capture()}. */
    public Builder capture(Path value) {
      capture = Optional.of(value);
      return this;
    }

    /** Sets {@link HelperProgram#directory()}; {@code /} by default. */
    public Builder directory(Path value) {
      directory = value;
      return this;
    }

    /** Sets {@link HelperProgram#timeoutMillis()}; ten seconds by default. */
    public Builder timeoutMillis(int value) {
      timeoutMillis = value;
      return this;
    }

    /** Sets {@link HelperProgram#program()}; none by default. */
    public Builder program(Path value) {
      program = Optional.of(value);
      return this;
    }

    /** Sets {@link HelperProgram#status()}. */
    public Builder status(IntSlot value) {
      status = value;
      return this;
    }

    /** Makes the value. */
    public HelperProgram build() {
      return new HelperProgram(this);
    }
  }
}
