package io.hardway.cli.value;

import io.hardway.cli.option.Suggestion;
import io.hardway.cli.option.ValueParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code --mount} takes: {@code type=bind|volume|tmpfs,source=…,target=…} and settings of each
 * type, as comma-separated fields of which one may be quoted.
 */
public final class MountFlag implements ValueParser<VolumeMount> {
  private static final String[] KEYS = {
    "type",
    "source",
    "target",
    "readonly",
    "bind-propagation",
    "bind-recursive",
    "bind-nonrecursive",
    "idmap",
    "volume-subpath",
    "tmpcopyup",
    "volume-nocopy",
    "tmpfs-size",
    "tmpfs-mode"
  };
  private static final String[] TYPES = {"bind", "volume", "tmpfs"};
  private static final String[] PROPAGATIONS = {
    "private", "rprivate", "slave", "rslave", "shared", "rshared"
  };

  private final String workingDirectory;

  /**
   * A parser of mounts.
   *
   * @param workingDirectory what the relative source of a bind is relative to
   */
  public MountFlag(String workingDirectory) {
    this.workingDirectory = workingDirectory;
  }

  @Override
  public VolumeMount parse(String text) {
    Fields fields = new Fields();
    for (String field : Words.csv(text)) {
      fields.read(field);
    }
    return fields.toMount();
  }

  private final class Fields {
    private String type = "volume";
    private String source = "";
    private String target = "";
    private boolean readOnly;
    private String propagation = "";
    private String recursion = "enabled";
    private boolean noCopy;
    private boolean idmap;
    private String subpath = "";
    private String ofType = "";
    private final List<String> tmpfs = new ArrayList<>();

    void read(String field) {
      int equals = field.indexOf('=');
      String key = lower(equals < 0 ? field : field.substring(0, equals));
      String value = equals < 0 ? "" : field.substring(equals + 1);
      if (equals < 0
          && !key.equals("readonly")
          && !key.equals("ro")
          && !key.equals("bind-nonrecursive")
          && !key.equals("idmap")
          && !key.equals("tmpcopyup")
          && !key.equals("volume-nocopy")) {
        throw new IllegalArgumentException(
            "invalid field '" + field + "' must be a key=value pair");
      }
      switch (key) {
        case "type" -> type = choice("type", value, TYPES);
        case "source", "src" -> source = value;
        case "target", "dst", "destination" -> target = value;
        case "readonly", "ro" -> readOnly = TruthValue.parse(key, value);
        case "bind-propagation" -> propagation = of("bind", key, choice(key, value, PROPAGATIONS));
        case "bind-recursive" ->
            recursion =
                of("bind", key, choice(key, value, "enabled", "disabled", "writable", "readonly"));
        case "bind-nonrecursive" ->
            recursion = TruthValue.parse(of("bind", key, key), value) ? "disabled" : "enabled";
        case "idmap" -> idmap = TruthValue.parse(key, value);
        case "volume-subpath" -> subpath = checkSubpath(of("volume", key, value));
        case "tmpcopyup" -> {
          if (TruthValue.parse(of("tmpfs", key, key), value)) {
            tmpfs.add("tmpcopyup");
          }
        }
        case "volume-nocopy" -> noCopy = TruthValue.parse(of("volume", key, key), value);
        case "tmpfs-size" -> tmpfs.add("size=" + ByteSize.parse(of("tmpfs", key, value)));
        case "tmpfs-mode" ->
            tmpfs.add(
                "mode=" + Integer.toOctalString(WholeNumber.parseMode(of("tmpfs", key, value))));
        default -> throw unknown(key, field);
      }
    }

    VolumeMount toMount() {
      if (target.isEmpty()) {
        throw new IllegalArgumentException("target is required");
      }
      if (!ofType.isEmpty() && !ofType.substring(0, ofType.indexOf(' ')).equals(type)) {
        throw new IllegalArgumentException(
            ofType.substring(ofType.indexOf(' ') + 1) + " does not go with type " + type);
      }
      String destination = VolumeMount.checkDestination(target);
      return switch (type) {
        case "bind" -> bind(destination);
        case "volume" -> volume(destination);
        default -> tmpfs(destination);
      };
    }

    private VolumeMount bind(String destination) {
      if (source.isEmpty()) {
        throw new IllegalArgumentException("a bind mount needs source=DIRECTORY");
      }
      List<String> options = new ArrayList<>();
      options.add(recursion.equals("disabled") ? "bind" : "rbind");
      if (readOnly) {
        options.add(recursion.equals("writable") || recursion.equals("disabled") ? "ro" : "rro");
      }
      if (recursion.equals("readonly") && !readOnly) {
        throw new IllegalArgumentException("bind-recursive=readonly needs readonly too");
      }
      if (!propagation.isEmpty()) {
        options.add(propagation);
      }
      if (idmap) {
        options.add("idmap");
      }
      String path = source.startsWith("/") ? source : workingDirectory + "/" + source;
      return new VolumeMount(
          "bind", Optional.of(VolumeMount.normalize(path)), destination, options, false, false);
    }

    private VolumeMount volume(String destination) {
      Optional<String> name =
          source.isEmpty() ? Optional.empty() : Optional.of(VolumeMount.checkVolumeName(source));
      List<String> options = new ArrayList<>();
      if (readOnly) {
        options.add("rro");
      }
      if (idmap) {
        options.add("idmap");
      }
      if (!subpath.isEmpty()) {
        options.add("subpath=" + subpath);
      }
      boolean copyUp = !noCopy && subpath.isEmpty();
      return new VolumeMount("volume", name, destination, options, false, copyUp);
    }

    private VolumeMount tmpfs(String destination) {
      if (!source.isEmpty()) {
        throw new IllegalArgumentException("a tmpfs has no source");
      }
      if (idmap) {
        throw new IllegalArgumentException("idmap does not go with type tmpfs");
      }
      List<String> options = new ArrayList<>(TmpfsFlag.DEFAULTS);
      if (readOnly) {
        options.add("ro");
      }
      options.addAll(tmpfs);
      return new VolumeMount("tmpfs", Optional.empty(), destination, options, false, false);
    }

    /** Notes that a key belongs to one type only, whichever comes first. */
    private String of(String type, String key, String value) {
      ofType = type + " " + key;
      return value;
    }
  }

  private static String checkSubpath(String path) {
    if (path.isEmpty() || path.startsWith("/") || ("/" + path + "/").contains("/../")) {
      throw new IllegalArgumentException(
          "volume-subpath '" + path + "' is no path inside the volume");
    }
    return path;
  }

  private static String choice(String key, String value, String... choices) {
    for (String choice : choices) {
      if (choice.equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "invalid " + key + " '" + value + "'; there are " + String.join(", ", choices));
  }

  private static IllegalArgumentException unknown(String key, String field) {
    String near = Suggestion.nearest(key, KEYS);
    return new IllegalArgumentException(
        "unexpected key '"
            + key
            + "' in '"
            + field
            + "'"
            + (near.isEmpty()
                ? "; there are " + String.join(", ", KEYS)
                : "; did you mean " + near + "?"));
  }

  private static String lower(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + 32) : c);
    }
    return lower.toString();
  }
}
