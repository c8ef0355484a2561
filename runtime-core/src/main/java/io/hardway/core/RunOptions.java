package io.hardway.core;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** How a start is tied to the one who asked for it. */
public final class RunOptions {
  /** Docker's default: ctrl-p ctrl-q. */
  public static final String DETACH_KEYS = "ctrl-p,ctrl-q";

  private final boolean detached;
  private final boolean attachInput;
  private final boolean attachOutput;
  private final boolean forwardSignals;
  private final String detachKeys;
  private final String message;
  private final Optional<Path> idFile;

  private RunOptions(Builder from) {
    this.detached = from.detached;
    this.attachInput = from.attachInput;
    this.attachOutput = from.attachOutput;
    this.forwardSignals = from.forwardSignals;
    this.detachKeys = from.detachKeys;
    this.message = from.message;
    this.idFile = from.idFile;
  }

  /** A builder: in the foreground, with output and signals. */
  public static Builder builder() {
    return new Builder();
  }

  /** Whether the command ends as soon as the container runs. */
  public boolean isDetached() {
    return detached;
  }

  /** Whether the caller's standard input is the container's. */
  public boolean attachesInput() {
    return attachInput;
  }

  /** Whether the caller sees what the container prints. */
  public boolean attachesOutput() {
    return attachOutput;
  }

  /** Whether signals the command gets go to the container. */
  public boolean forwardsSignals() {
    return forwardSignals;
  }

  /** The keys that let go of a terminal. */
  public String detachKeys() {
    return detachKeys;
  }

  /** What a detached command prints, with its newline. */
  public String message() {
    return message;
  }

  /** The file that receives the id. */
  public Optional<Path> idFile() {
    return idFile;
  }

  /** Collects the values of {@link RunOptions}. */
  public static final class Builder {
    private boolean detached;
    private boolean attachInput;
    private boolean attachOutput = true;
    private boolean forwardSignals = true;
    private String detachKeys = DETACH_KEYS;
    private String message = "";
    private Optional<Path> idFile = Optional.empty();

    private Builder() {}

    /** Sets {@link RunOptions#isDetached()}. */
    public Builder detached(boolean value) {
      detached = value;
      return this;
    }

    /** Sets {@link RunOptions#attachesInput()}. */
    public Builder attachInput(boolean value) {
      attachInput = value;
      return this;
    }

    /** Sets {@link RunOptions#attachesOutput()}. */
    public Builder attachOutput(boolean value) {
      attachOutput = value;
      return this;
    }

    /** Sets {@link RunOptions#forwardsSignals()}. */
    public Builder forwardSignals(boolean value) {
      forwardSignals = value;
      return this;
    }

    /** Sets {@link RunOptions#detachKeys()}. */
    public Builder detachKeys(String value) {
      detachKeys = Objects.requireNonNull(value, "detachKeys");
      return this;
    }

    /** Sets {@link RunOptions#message()}. */
    public Builder message(String value) {
      message = Objects.requireNonNull(value, "message");
      return this;
    }

    /** Sets {@link RunOptions#idFile()}. */
    public Builder idFile(Path value) {
      idFile = Optional.of(value);
      return this;
    }

    /** Makes the value. */
    public RunOptions build() {
      return new RunOptions(this);
    }
  }
}
