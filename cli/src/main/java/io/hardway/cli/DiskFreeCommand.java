package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.ContainerRecord;
import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code system df}: tells what lies on the disk, and what of it could be pruned. */
final class DiskFreeCommand implements Command {

  @Override
  public OptionTable table() {
    return new OptionTable(
            "system df", "[OPTIONS]", "Show what lies on the disk, and what could be pruned")
        .value("format", "format", "json, table, or a template like '{{.Size}}'")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    session.reconcile();
    List<ContainerRecord> containers = session.engine().containers().all();
    List<JsonObject> rows =
        List.of(roots(session), containers(session, containers), volumes(session, containers));
    new Listing(
            "{{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}",
            "Type",
            "TYPE",
            "TotalCount",
            "TOTAL",
            "Active",
            "ACTIVE",
            "Size",
            "SIZE",
            "Reclaimable",
            "RECLAIMABLE")
        .print(session.out(), arguments.text("format").orElse(""), rows);
    return 0;
  }

  private static JsonObject roots(Session session) throws IOException {
    Sum sum = new Sum("Root File Systems");
    Set<Path> used = new HashSet<>(session.engine().preparedRoots());
    for (Path root : session.engine().storedRoots()) {
      sum.add(DiskUsage.of(root), used.contains(root));
    }
    return sum.row();
  }

  private static JsonObject containers(Session session, List<ContainerRecord> containers) {
    Sum sum = new Sum("Containers");
    for (ContainerRecord container : containers) {
      sum.add(session.engine().size(container.config()), container.status().isAlive());
    }
    return sum.row();
  }

  private static JsonObject volumes(Session session, List<ContainerRecord> containers)
      throws IOException {
    Sum sum = new Sum("Local Volumes");
    Set<String> used = new HashSet<>();
    containers.forEach(container -> used.addAll(container.config().volumes()));
    for (Path volume : children(session.engine().directories().volumes())) {
      sum.add(DiskUsage.of(volume), used.contains(volume.getFileName().toString()));
    }
    return sum.row();
  }

  private static List<Path> children(Path directory) throws IOException {
    List<Path> children = new ArrayList<>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        entries.forEach(children::add);
      }
    }
    return children;
  }

  /** One line. */
  private static final class Sum {
    private final String type;
    private long count;
    private long active;
    private long size;
    private long reclaimable;

    Sum(String type) {
      this.type = type;
    }

    void add(long bytes, boolean isActive) {
      count++;
      active += isActive ? 1 : 0;
      size += bytes;
      reclaimable += isActive ? 0 : bytes;
    }

    JsonObject row() {
      JsonWriter json = new JsonWriter().beginObject();
      json.field("Type", type)
          .field("TotalCount", Long.toString(count))
          .field("Active", Long.toString(active))
          .field("Size", Units.decimal(size))
          .field(
              "Reclaimable",
              Units.decimal(reclaimable)
                  + (size == 0 ? "" : " (" + 100 * reclaimable / size + "%)"));
      return JsonObject.parse(type, json.endObject().toString());
    }
  }
}
