package io.hardway.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Walks the table of {@code docs/resources.md}: a shell script, for any host, that gives containers
 * a limit of every row and compares the kernel's files. It stands on the functions of {@code
 * vm/limits}, and says the same way as {@code vm/checks} what it found. A container has many
 * limits, since one takes a second in the emulated machine.
 */
final class LimitTableScript {
  /** Options that exclude each other. */
  private static final List<String> BANDWIDTH = List.of("--cpus", "--cpu-quota", "--cpu-period");

  private final Map<String, LimitTable.Row> rows = new TreeMap<>();
  private final StringBuilder script = new StringBuilder();
  private final Set<String> checks = new LinkedHashSet<>();

  LimitTableScript() throws IOException {
    for (LimitTable.Row row : LimitTable.rows()) {
      rows.put(row.key(), row);
    }
    script.append(Files.readString(Path.of("vm/limits")));
    for (List<LimitSample> together : batches()) {
      batch(together);
    }
    LimitSample.ALL.stream().filter(this::isConfigured).forEach(this::configured);
    script.append("hardway rm -f plain >/dev/null\n");
  }

  /** The script. */
  String text() {
    return script.toString();
  }

  /** The names of its checks: one that says nothing has failed. */
  Set<String> checks() {
    return checks;
  }

  private boolean isConfigured(LimitSample sample) {
    return rows.get(sample.key()).flag().isEmpty();
  }

  /** Samples that can be limits of one container. */
  private List<List<LimitSample>> batches() {
    List<List<LimitSample>> batches = new ArrayList<>();
    for (LimitSample sample : LimitSample.ALL) {
      if (!isConfigured(sample)) {
        batches.stream()
            .filter(batch -> batch.stream().noneMatch(other -> conflict(sample, other)))
            .findFirst()
            .orElseGet(
                () -> {
                  batches.add(new ArrayList<>());
                  return batches.get(batches.size() - 1);
                })
            .add(sample);
      }
    }
    return batches;
  }

  private boolean conflict(LimitSample one, LimitSample other) {
    Set<String> taken = taken(one);
    taken.retainAll(taken(other));
    return !taken.isEmpty();
  }

  /** The options and the files of a sample; a group that is idle takes no weight. */
  private Set<String> taken(LimitSample sample) {
    Set<String> taken = new LinkedHashSet<>();
    for (String option : sample.options()) {
      taken.add(BANDWIDTH.contains(option) ? "bandwidth" : option);
    }
    LimitTable.Row row = rows.get(sample.key());
    for (int version = 1; version <= 2; version++) {
      for (String file : row.files(version).split("[+|]")) {
        switch (file) {
          case "", "program" -> {}
          case "cpu.idle", "cpu.weight", "cpu.weight.nice", "cpu.shares" -> taken.add("weight");
          default -> taken.add(file);
        }
      }
    }
    return taken;
  }

  private void batch(List<LimitSample> batch) {
    List<LimitSample> updated = batch.stream().filter(one -> !one.update().isEmpty()).toList();
    gather(batch, LimitSample::run);
    script.append("start \"$@\"\n");
    for (LimitSample sample : batch) {
      check("holds", "set:", sample, quoted(sample.lines(1)) + " " + quoted(sample.lines(2)));
    }
    gather(updated, LimitSample::update);
    script.append("[ $# = 0 ] || change \"$@\"\n");
    for (LimitSample sample : updated) {
      check(
          "holds",
          "update:",
          sample,
          quoted(sample.newLines(1)) + " " + quoted(sample.newLines(2)));
      check(
          "refuses", "update:", sample, refusals(sample) + " update " + sample.update() + " table");
    }
    script.append("end\n");
    for (LimitSample sample : batch) {
      check(
          "refuses",
          "set:",
          sample,
          refusals(sample)
              + " run --rm --name refused --rootfs \"$rootfs\" "
              + sample.run()
              + " true");
    }
  }

  /** Where there is no flag, the field goes into the configuration of a container that is made. */
  private void configured(LimitSample sample) {
    String[] part = sample.run().split(" ", 2);
    script.append("make_with ").append(part[0]).append(' ').append(quoted(part[1])).append('\n');
    script.append("! is_given ").append(files(sample)).append(" || start_made\n");
    check("holds", "set:", sample, quoted(sample.lines(1)) + " " + quoted(sample.lines(2)));
    check("refuses", "set:", sample, refusals(sample) + " start table");
    script.append("end\n");
  }

  /** Collects the flags of those that this host has. */
  private void gather(List<LimitSample> batch, Function<LimitSample, String> flags) {
    script.append("set --\n");
    for (LimitSample sample : batch) {
      script.append("! is_given ").append(files(sample)).append(" || set -- \"$@\" ");
      script.append(flags.apply(sample)).append('\n');
    }
  }

  /** One check, in the form for hosts that have the limit or in that for others. */
  private void check(String form, String verb, LimitSample sample, String rest) {
    String name = verb + sample.key().replace(' ', '=');
    checks.add(name);
    script.append(form).append(' ').append(name).append(' ').append(files(sample));
    script.append(' ').append(rest).append('\n');
  }

  private String files(LimitSample sample) {
    LimitTable.Row row = rows.get(sample.key());
    return quoted(row.files(1)) + " " + quoted(row.files(2)) + " " + sample.condition();
  }

  private String refusals(LimitSample sample) {
    LimitTable.Row row = rows.get(sample.key());
    return quoted(row.refusal(1)) + " " + quoted(row.refusal(2));
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("`", "\\`") + '"';
  }
}
