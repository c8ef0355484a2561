package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.HardwayException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code top}: lists the processes of a container, with their pids on the host. */
final class TopCommand implements Command {
  private static final int TICKS = 100;

  @Override
  public OptionTable table() {
    return new OptionTable(
            "top", "CONTAINER [ps OPTIONS]", "List the processes of a container, as ps does")
        .arguments(1, Integer.MAX_VALUE)
        .optionsFirst();
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    ContainerRecord container = session.engine().containers().find(arguments.positional().get(0));
    if (!container.status().isAlive()) {
      throw new HardwayException("container " + container.config().name() + " is not running", 1);
    }
    List<Long> pids = session.engine().processes(container.config());
    pids = pids.isEmpty() ? List.of(container.pid()) : pids;
    List<String> words = arguments.positional();
    if (words.size() > 1) {
      session.out().print(PsProgram.print(words.subList(1, words.size()), pids));
      return 0;
    }
    Table table = new Table("UID", "PID", "PPID", "STATE", "TIME", "CMD");
    for (Long pid : pids) {
      add(table, pid);
    }
    table.print(session.out());
    return 0;
  }

  private static void add(Table table, long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
      String command =
          Files.readString(Path.of("/proc/" + pid + "/cmdline"), StandardCharsets.UTF_8)
              .replace('\0', ' ')
              .strip();
      long seconds = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
      table.add(
          uid(pid),
          Long.toString(pid),
          fields[1],
          fields[0],
          clock(seconds),
          command.isEmpty() ? "[" + name + "]" : PsProgram.printable(command));
    } catch (IOException | IndexOutOfBoundsException ended) {
      return; // it ended while we looked
    }
  }

  private static String uid(long pid) throws IOException {
    for (String line :
        Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)) {
      if (line.startsWith("Uid:")) {
        return line.split("\t")[2];
      }
    }
    return "?";
  }

  private static String clock(long seconds) {
    return two(seconds / 3600) + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
  }

  private static String two(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }
}
