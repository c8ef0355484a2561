package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.spi.PublishedPort;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The containers there are. Everything is read from files at the time of the question; no lock is
 * taken.
 */
public final class Containers {
  private static final int ID_LENGTH = 64;

  private final Directories directories;
  private final ControlGroups groups;

  @Inject
  Containers(Directories directories, ControlGroups groups) {
    this.directories = directories;
    this.groups = groups;
  }

  /** The ids of all containers that have been made. */
  public List<String> ids() {
    List<String> ids = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directories.containers())) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (name.length() == ID_LENGTH && isHexadecimal(name)) {
          ids.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return ids;
    } catch (IOException | DirectoryIteratorException e) {
      throw new HardwayException(directories.containers() + ": " + e.getMessage(), e);
    }
    return ids;
  }

  /**
   * All containers, the newest first. One that is being made or removed at this moment may be left
   * out.
   *
   * @throws HardwayException where one's configuration is damaged: what it uses is not known
   */
  public List<ContainerRecord> all() {
    return all(
        damaged -> {
          throw damaged;
        });
  }

  /** As {@link #all()}, for those who only show them: a damaged one is told of and left out. */
  public List<ContainerRecord> all(Consumer<HardwayException> damage) {
    List<ContainerRecord> records = new ArrayList<>();
    for (String id : ids()) {
      try {
        ContainerRecord record = read(id);
        if (record != null) {
          records.add(record);
        }
      } catch (HardwayException damaged) {
        damage.accept(damaged);
      }
    }
    records.sort((a, b) -> b.config().created().compareTo(a.config().created()));
    return records;
  }

  /**
   * The container that a user means: by its name, its id, or the beginning of it.
   *
   * @throws HardwayException where there is none, or more than one
   */
  public ContainerRecord find(String reference) {
    ContainerRecord record = search(reference);
    if (record == null) {
      throw new HardwayException("No such container: " + reference, 1);
    }
    return record;
  }

  /**
   * Whether there is a container that a user may mean.
   *
   * @throws HardwayException where there is more than one
   */
  public boolean has(String reference) {
    return search(reference) != null;
  }

  /** The container with this id, in full. */
  public Optional<ContainerRecord> withId(String id) {
    return Optional.ofNullable(read(id));
  }

  private ContainerRecord search(String reference) {
    return reference.isEmpty() ? null : read(resolve(reference));
  }

  /**
   * The id a name stands for, empty when there is no such name; a name whose container is gone is
   * none.
   */
  public String idOfName(String name) {
    if (!isName(name)) {
      return "";
    }
    String id = linkTarget(name);
    return !id.isEmpty()
            && Files.isDirectory(directories.containerData(id), LinkOption.NOFOLLOW_LINKS)
        ? id
        : "";
  }

  /** The id of the container that a name leads to and that is gone: the name may be replaced. */
  Optional<String> staleTarget(String name) {
    String target = linkTarget(name);
    return target.isEmpty() || !idOfName(name).isEmpty() ? Optional.empty() : Optional.of(target);
  }

  private String linkTarget(String name) {
    try {
      return Files.readSymbolicLink(directories.names().resolve(name)).toString();
    } catch (IOException | UnsupportedOperationException none) {
      return "";
    }
  }

  /**
   * Podman's rule for names, which is docker's and takes single letters too: {@code
   * [a-zA-Z0-9][a-zA-Z0-9_.-]*}.
   */
  public static boolean isName(String text) {
    boolean right = !text.isEmpty() && text.length() <= 255;
    for (int i = 0; right && i < text.length(); i++) {
      char c = text.charAt(i);
      right =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || i > 0 && (c == '_' || c == '.' || c == '-');
    }
    return right;
  }

  private String resolve(String reference) {
    String id = idOfName(reference);
    if (!id.isEmpty()) {
      return id;
    }
    if (!isHexadecimal(reference)) {
      return "";
    }
    if (reference.length() == ID_LENGTH) {
      return reference;
    }
    String found = "";
    for (String candidate : ids()) {
      if (candidate.startsWith(reference)) {
        if (!found.isEmpty()) {
          throw new HardwayException(
              "the id " + reference + " begins more than one container's: write more of it", 1);
        }
        found = candidate;
      }
    }
    return found;
  }

  private static boolean isHexadecimal(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= ID_LENGTH;
  }

  /** The container with this id; null where there is none. */
  ContainerRecord read(String id) {
    if (id.isEmpty()) {
      return null;
    }
    Path file = directories.configFile(id);
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException gone) {
      return null;
    } catch (IOException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
    ContainerConfig config;
    try {
      config = ConfigJson.read(file.toString(), text);
    } catch (IllegalArgumentException e) {
      throw new HardwayException(
          e.getMessage()
              + ": the container's configuration is damaged; remove "
              + directories.containerData(id)
              + " by hand when it does not run",
          e);
    }
    ExitRecord exit = ExitRecord.read(directories.exitFile(id));
    ProcessIdentity identity = ProcessIdentity.read(directories.identity(id));
    if (identity.isAlive()) {
      Status status = groups.isFrozen(config) ? Status.PAUSED : Status.RUNNING;
      Optional<JsonObject> state = state(id);
      return new ContainerRecord(
          config,
          status,
          identity.pid(),
          state.map(known -> known.text("startedAt", "")).orElse(""),
          ExitRecord.NONE,
          state.map(Connection::read).orElse(List.of()),
          ports(state));
    }
    if (Files.isDirectory(directories.containerState(id)) && !exit.isPresent()) {
      return new ContainerRecord(config, Status.CREATING, 0, "", exit, List.of(), List.of());
    }
    return new ContainerRecord(
        config,
        exit.isPresent() ? Status.EXITED : Status.CREATED,
        0,
        exit.startedAt(),
        exit,
        List.of(),
        List.of());
  }

  private static List<PublishedPort> ports(Optional<JsonObject> state) {
    return state.isPresent() && state.get().has("ports")
        ? PublishedPorts.read(state.get())
        : List.of();
  }

  private Optional<JsonObject> state(String id) {
    Path file = directories.stateFile(id);
    try {
      return Optional.of(JsonObject.parse(file.toString(), Files.readString(file)));
    } catch (IOException starting) {
      return Optional.empty();
    }
  }
}
