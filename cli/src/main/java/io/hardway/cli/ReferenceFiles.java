package io.hardway.cli;

import io.hardway.cli.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;

/** Writes completion scripts and manual pages for the archive when it is built. */
public final class ReferenceFiles {
  private ReferenceFiles() {}

  /** Writes them below the folder {@code share} of an installation. */
  public static void main(String[] arguments) throws IOException {
    new Reference(Commands.tables()).writeTo(Path.of(arguments[0]));
  }
}
