package io.hardway.cli;

import io.hardway.core.HardwayException;
import io.hardway.init.Channel;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What the caller gave, as it was before the launcher kept some of it from the JVM. */
final class Caller {
  private static final String KEPT = "HARDWAY_CALLER_";

  /** The launcher sets it, so that words are UTF-8 whatever the caller's locale is. */
  private static final String LOCALE = "LC_ALL";

  /** What stands in a text for bytes that are none. */
  private static final char REPLACEMENT = '\uFFFD';

  private Caller() {}

  /** The caller's environment, out of the planner's. */
  static Map<String, String> environment(Map<String, String> ours) {
    Map<String, String> callers = new HashMap<>(ours);
    if (Channel.isPresent()) {
      callers.remove(LOCALE);
    }
    for (Map.Entry<String, String> variable : ours.entrySet()) {
      if (variable.getKey().startsWith(KEPT)) {
        callers.remove(variable.getKey());
        callers.put(variable.getKey().substring(KEPT.length()), variable.getValue());
      }
    }
    return callers;
  }

  /**
   * Refuses words that are not text: what is passed on would be something else.
   *
   * @throws HardwayException where the command line is not UTF-8
   */
  static void requireText(String[] words) throws IOException {
    for (String word : words) {
      if (word.indexOf(REPLACEMENT) >= 0) {
        requireUtf8(word);
      }
    }
  }

  private static void requireUtf8(String word) throws IOException {
    try (FileInputStream in = new FileInputStream("/proc/self/cmdline")) {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(in.readAllBytes()));
    } catch (CharacterCodingException e) {
      throw new HardwayException(
          "the argument '" + word + "' is not UTF-8: pass such bytes in a file, or through a pipe",
          e);
    }
  }
}
