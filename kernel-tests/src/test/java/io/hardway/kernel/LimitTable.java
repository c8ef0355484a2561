package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of {@code docs/resources.md}: every limit, and the files it ends in. */
final class LimitTable {
  private static final Path PAGE = Path.of("../docs/resources.md");
  private static final String HEADER =
      "| Limit | Flag | OCI field | v1 file | v2 file | Conversion | Unit | Where it is not available |";
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final String NONE = "—";

  private LimitTable() {}

  /** A row. */
  record Row(String flag, boolean isUpdated, String field, String one, String two, String absent) {

    /** What the row is called: its flag, or the field where there is none. */
    String key() {
      return flag.isEmpty() ? field : flag;
    }

    /**
     * The files of a version, as {@code vm/limits} takes them; empty where it has no such limit.
     */
    String files(int version) {
      String cell = (version == 1 ? one : two).replaceAll("\\([^)]*\\)", "");
      if (cell.equals(NONE)) {
        return "";
      }
      return Arrays.stream(cell.split(" or "))
          .map(alternative -> String.join("+", codes(alternative)))
          .map(files -> files.isEmpty() ? "program" : files)
          .reduce((first, second) -> first + "|" + second)
          .orElseThrow();
    }

    /** What is said where that version does not have the limit on a host. */
    String refusal(int version) {
      String part = absent;
      for (String clause : absent.split("; (?=v[12]: )")) {
        if (clause.startsWith("v" + version + ": ")) {
          part = clause;
        }
      }
      List<String> codes = codes(part);
      return codes.isEmpty() ? "cannot be set" : codes.get(0);
    }
  }

  /** The rows, from the top. */
  static List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(PAGE);
    int header = lines.indexOf(HEADER);
    if (header < 0) {
      throw new AssertionError(PAGE + " has no line " + HEADER);
    }
    List<Row> rows = new ArrayList<>();
    for (String line : lines.subList(header + 2, lines.size())) {
      if (!line.startsWith("|")) {
        break;
      }
      rows.add(row(line));
    }
    return rows;
  }

  private static Row row(String line) {
    String[] cells = line.substring(1).split("\\|", -1);
    if (cells.length != 9) {
      throw new AssertionError("a row of " + (cells.length - 1) + " cells: " + line);
    }
    List<String> flags = codes(cells[1]);
    return new Row(
        flags.isEmpty() ? "" : flags.get(0),
        !flags.isEmpty() && !cells[1].contains("not update"),
        codes(cells[2]).get(0),
        cells[3].strip(),
        cells[4].strip(),
        cells[7].strip());
  }

  private static List<String> codes(String cell) {
    List<String> codes = new ArrayList<>();
    for (Matcher code = CODE.matcher(cell); code.find(); ) {
      codes.add(code.group(1).replace("SIZE", "2MB"));
    }
    return codes;
  }
}
