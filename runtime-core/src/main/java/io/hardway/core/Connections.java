package io.hardway.core;

import io.hardway.core.json.JsonObject;
import io.hardway.core.json.JsonWriter;
import io.hardway.init.PlanCodec;
import io.hardway.spi.Errno;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.NetworkAttachment;
import io.hardway.spi.NetworkDefinition;
import io.hardway.spi.NetworkProvider;
import io.hardway.spi.NetworkRequest;
import io.hardway.spi.PublishedPort;
import io.hardway.spi.Stage;
import io.hardway.spi.Subnet;
import io.hardway.spi.Text;
import io.hardway.spi.TextSlot;
import io.hardway.spi.plan.Operation;
import io.hardway.spi.plan.Phase;
import io.hardway.spi.plan.Plan;
import io.hardway.spi.plan.PlanAssembler;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How containers are connected to networks: with their start, and while they are there.
 *
 * <p>What connects a container that runs has an undo of its own, a stored plan beside that of the
 * container, which performs it too. So neither has to be written anew when the other changes.
 */
public final class Connections {
  private static final String CORE = StartPlanner.CORE;
  private static final String INTERFACE = "eth";

  /** What the names of stored plans end with. */
  private static final String PLAN = ".plan";

  /** How many digits of an id people write. */
  private static final int SHORT_ID = 12;

  private static final long CLONE_NEWNET = 0x40000000L;
  private static final int VERSION_4 = 4;
  private static final int WRITE_TRUNCATE = 01001;
  private static final int PRIVATE = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int READABLE_FILE = 0644;

  /** A longer file of a container is left as the container has made it. */
  private static final int LONGEST_FILE = 1 << 20;

  private final Directories directories;
  private final Host host;
  private final Plugins plugins;
  private final Containers containers;
  private final Networks networks;
  private final Journal journal;
  private final PendingReservations pending;

  @Inject
  Connections(
      Directories directories,
      Host host,
      Plugins plugins,
      Containers containers,
      Networks networks,
      Journal journal) {
    this.directories = directories;
    this.host = host;
    this.plugins = plugins;
    this.containers = containers;
    this.networks = networks;
    this.journal = journal;
    this.pending = new PendingReservations(directories);
  }

  /** Those of a container that is to start, with addresses reserved where it is no preview. */
  List<NetworkAttachment> reserve(ContainerConfig config, Engine.Preparation preparation) {
    List<NetworkAttachment> asked = new ArrayList<>();
    for (ContainerNetwork network : config.networks()) {
      asked.add(asked(config, network, asked.size(), preparation.isPreview()));
    }
    return asked.isEmpty() ? asked : reserve(config, asked, preparation);
  }

  private List<NetworkAttachment> reserve(
      ContainerConfig config, List<NetworkAttachment> asked, Engine.Preparation preparation) {
    NetworkProvider provider = plugins.network(config.network());
    NetworkRequest request = addressRequest(config, asked).build();
    if (preparation.isPreview()) {
      return provider.preview(request);
    }
    return provider.reserve(request, id -> Files.exists(directories.owner(id)));
  }

  /** The plan that disconnects a container that runs from a network it was connected to later. */
  static Path undo(Directories directories, String id, String network) {
    return directories.connectionUndos(id).resolve(network + PLAN);
  }

  private NetworkRequest request(ContainerConfig config, List<NetworkAttachment> attachments) {
    return addressRequest(config, attachments).resolvers(EtcFiles.resolvers(host, config)).build();
  }

  /** Without the name servers, which are read from the host: who chooses addresses asks none. */
  private NetworkRequest.Builder addressRequest(
      ContainerConfig config, List<NetworkAttachment> attachments) {
    return NetworkRequest.builder()
        .host(host)
        .container(StartPlanner.container(directories, config.id()))
        .spec(config.spec())
        .attachments(attachments)
        .leases(directories.leases());
  }

  private NetworkAttachment asked(
      ContainerConfig config, ContainerNetwork network, int number, boolean isPreview) {
    NetworkProvider provider = plugins.network(config.network());
    NetworkAttachment.Builder attachment =
        NetworkAttachment.builder()
            .network(definition(network.name(), provider, isPreview))
            .interfaceName(INTERFACE + number)
            .aliases(names(config, network))
            .addresses(network.addresses().stream().map(Subnet::address).toList());
    if (!network.macAddress().isEmpty()) {
      attachment.macAddress(network.macAddress());
    }
    return attachment.build();
  }

  /** By which others of the network find it; as with docker, those of the default one do not. */
  private static List<String> names(ContainerConfig config, ContainerNetwork network) {
    if (network.name().equals(Networks.DEFAULT)) {
      return List.of();
    }
    Set<String> names = new LinkedHashSet<>();
    names.add(config.name());
    names.addAll(network.aliases());
    names.add(config.id().substring(0, SHORT_ID));
    return List.copyOf(names);
  }

  /** A network's definition; the default one's is made where it is missing. */
  private NetworkDefinition definition(String name, NetworkProvider provider, boolean isPreview) {
    Optional<NetworkDefinition> known = networks.find(name);
    if (known.isPresent()) {
      return known.get();
    }
    if (!name.equals(Networks.DEFAULT)) {
      throw new HardwayException(
          "network " + name + " not found: make it with hardway network create " + name);
    }
    NetworkDefinition made =
        provider.define(host, Networks.create(name, provider.name()).build(), networks.all());
    return isPreview ? made : networks.keep(made);
  }

  /**
   * Connects a container to one more network; one that does not run, at its next start.
   *
   * @param reference the container's name or id
   * @throws HardwayException where it is connected already, or cannot be
   */
  public PlannedCommand connect(
      String reference, ContainerNetwork network, Engine.Preparation preparation) {
    ContainerRecord container = locked(reference, preparation);
    ContainerConfig config = container.config();
    requireConnectable(container, network.name());
    if (find(config, network.name()).isPresent()) {
      throw new HardwayException(
          "container " + config.name() + " is already connected to network " + network.name(), 1);
    }
    List<ContainerNetwork> all = new ArrayList<>(config.networks());
    all.add(network);
    ContainerConfig updated = config.toBuilder().networks(all).build();
    List<NetworkAttachment> before = connected(container);
    NetworkAttachment asked = asked(updated, network, freeNumber(before), preparation.isPreview());
    if (!container.status().isAlive()) {
      plugins.network(config.network()).preview(addressRequest(updated, List.of(asked)).build());
      return kept(updated, "connect", network.name());
    }
    requireStarted(container);
    List<NetworkAttachment> after = new ArrayList<>(before);
    if (!preparation.isPreview()) {
      pending.begin(updated.id(), asked.network().id());
    }
    after.addAll(reserve(updated, List.of(asked), preparation));
    return connect(updated, before, after);
  }

  private PlannedCommand connect(
      ContainerConfig updated, List<NetworkAttachment> before, List<NetworkAttachment> after) {
    NetworkProvider provider = plugins.network(updated.network());
    NetworkDefinition network = after.get(after.size() - 1).network();
    PlanAssembler assembler = beside(updated);
    joinParent(updated, provider, after, assembler);
    provider.contributeConnect(request(updated, after), assembler.forPlugin(provider.name()));
    Path directory = directories.connectionUndos(updated.id());
    Path file = undo(directories, updated.id(), network.id());
    assembler
        .stage(Phase.TEARDOWN, CORE)
        .unlink(Location.host(file))
        .ignoring(Errno.ENOENT)
        .label("remove the plan that disconnects it");
    Plan undo = assembler.teardown();
    Stage claim = assembler.stage(Phase.CLAIM, CORE);
    claim
        .mkdir(Location.host(directory), PRIVATE)
        .ignoring(Errno.EEXIST)
        .label("make the directory of what disconnects it")
        .hint("container " + updated.name() + " has ended");
    claim
        .replace(file, PRIVATE_FILE, Text.bytes(PlanCodec.encode(undo)))
        .label("store what disconnects it");
    pending.end(updated.id(), network.id(), claim);
    keep(updated, assembler, "connect", network.name());
    note(updated, after, assembler.stage(Phase.STARTED, CORE));
    changeFiles(updated, before, after, assembler.stage(Phase.STARTED, CORE));
    return new PlannedCommand(
        assembler.runByOne(Optional.of(file)),
        Map.of(file, undo),
        Optional.of(StartPlanner.container(directories, updated.id())));
  }

  /**
   * Takes a container from a network; one that does not run, from its next start on.
   *
   * @param reference the container's name or id
   * @throws HardwayException where it is not of the network
   */
  public PlannedCommand disconnect(
      String reference, String network, Engine.Preparation preparation) {
    ContainerRecord container = locked(reference, preparation);
    ContainerConfig config = container.config();
    ContainerNetwork gone =
        find(config, network)
            .orElseThrow(
                () ->
                    new HardwayException(
                        "container " + config.name() + " is not connected to network " + network,
                        1));
    List<ContainerNetwork> remaining = new ArrayList<>(config.networks());
    remaining.remove(gone);
    ContainerConfig updated = config.toBuilder().networks(remaining).build();
    List<NetworkAttachment> before = connected(container);
    for (NetworkAttachment attachment : before) {
      if (attachment.network().name().equals(network)) {
        requireNoPorts(container, attachment, before);
        return disconnect(updated, attachment, before);
      }
    }
    if (container.status().isAlive()) {
      requireStarted(container);
      return keeping(updated, "disconnect", network);
    }
    return kept(updated, "disconnect", network);
  }

  private PlannedCommand disconnect(
      ContainerConfig updated, NetworkAttachment gone, List<NetworkAttachment> before) {
    NetworkProvider provider = plugins.network(updated.network());
    PlanAssembler assembler = beside(updated);
    List<NetworkAttachment> after = new ArrayList<>(before);
    after.remove(gone);
    joinParent(updated, provider, after, assembler);
    provider.contributeDisconnect(
        request(updated, before), gone, assembler.forPlugin(provider.name()));
    Stage last = assembler.stage(Phase.STARTED, CORE);
    last.unlink(Location.host(undo(directories, updated.id(), gone.network().id())))
        .ignoring(Errno.ENOENT)
        .label("remove the plan that disconnects it");
    keep(updated, assembler, "disconnect", gone.network().name());
    note(updated, after, last);
    changeFiles(updated, before, after, last);
    return new PlannedCommand(
        assembler.runByOne(Optional.empty()),
        Map.of(),
        Optional.of(StartPlanner.container(directories, updated.id())));
  }

  /**
   * Makes anew what somebody has removed of what the host has for a container's networks, such as
   * the rules of a firewall that were flushed; while it is {@link Engine#holdForChange held for
   * that}, so that it does not end meanwhile and leave them.
   *
   * @throws HardwayException where it does not run
   */
  public PlannedCommand reload(ContainerRecord container) {
    ContainerConfig config = container.config();
    if (!container.status().isAlive()) {
      throw new HardwayException(
          "container " + config.name() + " is not running, and has nothing to reload", 1);
    }
    PlanAssembler assembler = new PlanAssembler();
    if (!config.network().isEmpty()) {
      requireStarted(container);
      NetworkProvider provider = plugins.network(config.network());
      // The undo of the start takes the ports back.
      List<NetworkAttachment> first = new ArrayList<>();
      List<NetworkAttachment> later = new ArrayList<>();
      for (NetworkAttachment one : connected(container)) {
        (isLater(container, one) ? later : first).add(one);
      }
      provider.contributeReload(
          request(config, first).toBuilder().ports(container.ports()).build(),
          assembler.forPlugin(provider.name()));
      provider.contributeReload(request(config, later), assembler.forPlugin(provider.name()));
    }
    return PlannedCommand.of(assembler.run(Optional.empty()));
  }

  /** The container, whose networks nobody else changes from now on. */
  private ContainerRecord locked(String reference, Engine.Preparation preparation) {
    ContainerRecord container = containers.find(reference);
    if (preparation.isPreview()) {
      return container;
    }
    ContainerRecord now = new ChangeLock(directories, containers).hold(container, preparation);
    takeBackHalfMade(now, preparation);
    return now;
  }

  /** What somebody who was killed has begun to connect is not connected. */
  private void takeBackHalfMade(ContainerRecord container, Engine.Preparation preparation) {
    Path directory = directories.connectionUndos(container.config().id());
    Set<String> known = new HashSet<>();
    for (NetworkAttachment attachment : connected(container)) {
      known.add(attachment.network().id() + PLAN);
    }
    PlanAssembler assembler = new PlanAssembler();
    try (DirectoryStream<Path> plans = Files.newDirectoryStream(directory, "*" + PLAN)) {
      for (Path plan : plans) {
        if (!known.contains(plan.getFileName().toString())) {
          assembler
              .add(
                  Phase.CLAIM,
                  CORE,
                  new Operation.Perform(Text.of(plan)),
                  "take back a connection that was not made to its end")
              .ignoring(Errno.ENOENT);
        }
      }
    } catch (IOException none) {
      return;
    }
    if (!assembler.isEmpty(Phase.CLAIM)) {
      preparation.perform(assembler.run(Optional.empty()));
    }
  }

  private void requireConnectable(ContainerRecord container, String network) {
    ContainerConfig config = container.config();
    if (config.network().isEmpty()) {
      throw new HardwayException(
          "container "
              + config.name()
              + " shares the network namespace of the host or of another, and cannot be connected to networks: make one with --network",
          1);
    }
    NetworkProvider provider = plugins.network(config.network());
    if (!provider.hasNetworks()) {
      throw new HardwayException(
          "container "
              + config.name()
              + " has network "
              + config.networkMode()
              + ", beside which there is no other: make one with --network",
          1);
    }
    Optional<NetworkDefinition> known = networks.find(network);
    if (known.isPresent() && !known.get().driver().equals(provider.name())) {
      throw new HardwayException(
          "network "
              + network
              + " is of plugin "
              + known.get().driver()
              + ", container "
              + config.name()
              + " of "
              + provider.name()
              + ": connect a container to networks of one plugin",
          1);
    }
  }

  /** What a start has just begun to do is not known to others yet. */
  private void requireStarted(ContainerRecord container) {
    if (container.startedAt().isEmpty()) {
      throw new HardwayException(
          "container " + container.config().name() + " is being started: try again", 1);
    }
  }

  /** Each port leads to the first address of its version that has an outside, or of version 4. */
  private void requireNoPorts(
      ContainerRecord container, NetworkAttachment gone, List<NetworkAttachment> all) {
    List<NetworkAttachment> first = new ArrayList<>(all);
    first.removeIf(one -> isLater(container, one));
    for (PublishedPort port : container.ports()) {
      Optional<NetworkAttachment> leads =
          leadingTo(port.address().getAddress().length, first)
              .or(() -> leadingTo(VERSION_4, first));
      if (leads.isPresent() && leads.get() == gone) {
        throw new HardwayException(
            "the published ports of container "
                + container.config().name()
                + " lead through network "
                + gone.network().name()
                + ": stop the container first",
            1);
      }
    }
  }

  /** Whether it was connected while the container ran; ports lead to what it was started with. */
  private boolean isLater(ContainerRecord container, NetworkAttachment attachment) {
    String id = container.config().id();
    return Files.exists(undo(directories, id, attachment.network().id()));
  }

  private static Optional<NetworkAttachment> leadingTo(int length, List<NetworkAttachment> all) {
    return all.stream()
        .filter(attachment -> !attachment.network().internal())
        .filter(
            attachment ->
                attachment.addresses().stream()
                    .anyMatch(address -> address.getAddress().length == length))
        .findFirst();
  }

  private static Optional<ContainerNetwork> find(ContainerConfig config, String network) {
    for (ContainerNetwork known : config.networks()) {
      if (known.name().equals(network)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** How a container is connected now, as its start and later changes have noted. */
  private List<NetworkAttachment> connected(ContainerRecord container) {
    List<NetworkAttachment> attachments = new ArrayList<>();
    for (Connection connection : container.connections()) {
      Optional<NetworkDefinition> network = networks.find(connection.network());
      if (network.isPresent()) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : connection.addresses()) {
          addresses.add(Subnet.address(address.substring(0, address.indexOf('/'))));
        }
        NetworkAttachment.Builder attachment =
            NetworkAttachment.builder()
                .network(network.get())
                .interfaceName(connection.interfaceName())
                .addresses(addresses)
                .macAddress(connection.macAddress());
        find(container.config(), connection.network())
            .ifPresent(known -> attachment.aliases(names(container.config(), known)));
        attachments.add(attachment.build());
      }
    }
    return attachments;
  }

  private static int freeNumber(List<NetworkAttachment> attachments) {
    Set<String> taken = new HashSet<>();
    attachments.forEach(attachment -> taken.add(attachment.interfaceName()));
    int number = 0;
    while (taken.contains(INTERFACE + number)) {
      number++;
    }
    return number;
  }

  /** A plan for a container that runs: by one process, whose last part is in its namespace. */
  private PlanAssembler beside(ContainerConfig config) {
    PlanAssembler assembler = new PlanAssembler();
    assembler
        .stage(Phase.PAIRED, CORE)
        .openProcess(directories.identity(config.id()), assembler.pidfd(), assembler.pid())
        .label("take hold of the container's process")
        .hint("container " + config.name() + " has ended");
    assembler
        .stage(Phase.ENTER, CORE)
        .join(assembler.pidfd(), CLONE_NEWNET)
        .label("enter its network namespace");
    return assembler;
  }

  /**
   * Who answers for names from now on belongs where who has done so did, not where this command is.
   */
  private void joinParent(
      ContainerConfig config,
      NetworkProvider provider,
      List<NetworkAttachment> after,
      PlanAssembler assembler) {
    if (!provider.nameservers(request(config, after)).isEmpty()) {
      long pid = ProcessIdentity.read(directories.identity(config.id())).pid();
      new ParentGroups(host).join(pid, assembler.stage(Phase.PAIRED, CORE));
    }
  }

  /** The change of one that does not run. */
  private PlannedCommand kept(ContainerConfig updated, String action, String network) {
    if (Files.exists(directories.owner(updated.id()))) {
      throw new HardwayException(
          "container " + updated.name() + " is being started or removed: try again", 1);
    }
    return keeping(updated, action, network);
  }

  private PlannedCommand keeping(ContainerConfig updated, String action, String network) {
    PlanAssembler assembler = new PlanAssembler();
    keep(updated, assembler, action, network);
    return PlannedCommand.of(assembler.run(Optional.empty()));
  }

  private void keep(
      ContainerConfig updated, PlanAssembler assembler, String action, String network) {
    Stage stage = assembler.stage(Phase.STARTED, CORE);
    stage
        .replace(
            directories.configFile(updated.id()), PRIVATE_FILE, Text.of(ConfigJson.write(updated)))
        .label("keep what was asked for");
    TextSlot now = assembler.textSlot("now");
    stage.clock(now).label("note the time");
    journal.add(stage, now, action, updated, Map.of("network", network));
  }

  /** What is true while it runs. */
  private void note(ContainerConfig config, List<NetworkAttachment> after, Stage stage) {
    Path file = directories.stateFile(config.id());
    JsonObject before;
    try {
      before = JsonObject.parse(file.toString(), Files.readString(file));
    } catch (IOException | IllegalArgumentException e) {
      throw new HardwayException(file + ": " + e.getMessage(), e);
    }
    JsonWriter json = new JsonWriter().beginObject();
    for (String name : before.names()) {
      if (!name.equals(Connection.MEMBER)) {
        json.name(name).any(before.get(name));
      }
    }
    String text = json.endObject().toString();
    stage
        .replace(
            file,
            PRIVATE_FILE,
            Text.of(text.substring(0, text.length() - 1) + Connection.json(after) + "}\n"))
        .label("note how it is connected");
  }

  /**
   * Its files of names, where it has not made them its own. They come last, and what they cannot
   * take, on a full disk, does not take the connection back.
   */
  private void changeFiles(
      ContainerConfig config,
      List<NetworkAttachment> before,
      List<NetworkAttachment> after,
      Stage stage) {
    Path directory = directories.containerData(config.id());
    Map<Path, String> old =
        EtcFiles.of(host, config, plugins, request(config, before)).contents(directory);
    Map<Path, String> wanted =
        EtcFiles.of(host, config, plugins, request(config, after)).contents(directory);
    Map<Path, String> changed = new LinkedHashMap<>();
    old.forEach(
        (file, text) ->
            changedFile(file, text, wanted.get(file)).ifPresent(now -> changed.put(file, now)));
    changed.forEach(
        (file, text) ->
            stage
                .write(Location.host(file), WRITE_TRUNCATE, READABLE_FILE, Text.of(text))
                .warnOnly()
                .label("write the container's " + file.getFileName()));
  }

  private static Optional<String> changedFile(Path file, String old, String wanted) {
    if (old.equals(wanted)) {
      return Optional.empty();
    }
    String now;
    try {
      if (Files.size(file) > LONGEST_FILE) {
        return Optional.empty();
      }
      now = Files.readString(file);
    } catch (IOException unreadable) {
      return Optional.empty();
    }
    if (now.equals(old)) {
      return Optional.of(wanted);
    }
    return file.endsWith("hosts") ? Optional.of(merged(now, old, wanted)) : Optional.empty();
  }

  /** Takes the lines away that are not wanted any more, and adds those that are new. */
  private static String merged(String now, String old, String wanted) {
    Set<String> before = new HashSet<>(old.lines().toList());
    Set<String> after = new LinkedHashSet<>(wanted.lines().toList());
    StringBuilder text = new StringBuilder();
    now.lines()
        .filter(line -> !before.contains(line) || after.contains(line))
        .forEach(line -> text.append(line).append('\n'));
    after.stream()
        .filter(line -> !before.contains(line))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }
}
