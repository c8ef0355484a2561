package io.hardway.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Asks before something is deleted that nobody named. */
final class Confirmation {
  private Confirmation() {}

  /** Whether the user said yes. */
  static boolean given(Session session, String warning) throws IOException {
    session.out().println(warning);
    session.out().print("Are you sure you want to continue? [y/N] ");
    session.out().flush();
    String answer =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    return answer != null
        && (answer.strip().equalsIgnoreCase("y") || answer.strip().equalsIgnoreCase("yes"));
  }
}
