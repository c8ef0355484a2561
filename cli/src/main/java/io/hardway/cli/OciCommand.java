package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** One command of {@code hardway-oci}, like {@code create}. */
interface OciCommand {

  /** What it takes. */
  OptionTable table();

  /**
   * Does it.
   *
   * @return the exit code; meaningless where the performer has been given the last plan
   */
  int run(OciSession session, Arguments arguments) throws IOException;
}
