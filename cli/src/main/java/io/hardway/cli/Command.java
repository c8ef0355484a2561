package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import java.io.IOException;

/** One command, like {@code run}. */
public interface Command {

  /** What it takes. */
  OptionTable table();

  /**
   * Does it.
   *
   * @return the exit code; meaningless where the session has been given the last plan
   * @throws io.hardway.core.HardwayException where it cannot be done
   * @throws IOException where the native program or a file cannot be reached
   */
  int run(Session session, Arguments arguments) throws IOException;
}
