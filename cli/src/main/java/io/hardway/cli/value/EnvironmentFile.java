package io.hardway.cli.value;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Environment variables, as {@code -e} and the lines of an {@code --env-file} or {@code
 * --label-file} give them: {@code NAME=VALUE}, or {@code NAME} alone for the caller's own value,
 * which is left out where the caller has none.
 */
public final class EnvironmentFile {
  private static final int MOST_BYTES = 16 << 20;

  private EnvironmentFile() {}

  /**
   * Adds one variable.
   *
   * @param caller the caller's environment
   * @throws IllegalArgumentException where the variable has no name, or the caller's value is no
   *     text
   */
  public static void add(String text, Map<String, String> caller, List<String> variables) {
    int equals = text.indexOf('=');
    if (equals == 0 || text.isEmpty() || text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "invalid environment variable: " + text + "; write NAME=VALUE or NAME");
    }
    if (equals > 0) {
      variables.add(text);
    } else if (caller.get(text) != null) {
      if (caller.get(text).indexOf('\uFFFD') >= 0) {
        throw new IllegalArgumentException("the caller's variable " + text + " is not UTF-8");
      }
      variables.add(text + "=" + caller.get(text));
    }
  }

  /**
   * The settings in a file, one a line; blank lines and lines that start with # are skipped, white
   * space before a name too.
   *
   * @throws IllegalArgumentException where the file cannot be read, is not UTF-8, or a name has
   *     white space in it; names the file and line
   */
  public static List<String> lines(String file) {
    String content = read(file);
    List<String> settings = new ArrayList<>();
    int number = 0;
    int start = content.startsWith("\uFEFF") ? 1 : 0;
    while (start < content.length()) {
      int end = content.indexOf('\n', start);
      end = end < 0 ? content.length() : end;
      number++;
      String line =
          content
              .substring(start, end > start && content.charAt(end - 1) == '\r' ? end - 1 : end)
              .stripLeading();
      if (!line.isEmpty() && line.charAt(0) != '#') {
        checkName(file, number, line);
        settings.add(line);
      }
      start = end + 1;
    }
    return settings;
  }

  private static void checkName(String file, int number, String line) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? line : line.substring(0, equals);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          file + ":" + number + ": no variable name on line '" + line + "'");
    }
    for (int i = 0; i < name.length(); i++) {
      if (Character.isWhitespace(name.charAt(i)) || name.charAt(i) == 0) {
        throw new IllegalArgumentException(
            file + ":" + number + ": variable '" + name + "' contains whitespaces");
      }
    }
  }

  private static String read(String file) {
    try (FileInputStream in = new FileInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new IllegalArgumentException(file + ": larger than 16 MiB");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }
}
