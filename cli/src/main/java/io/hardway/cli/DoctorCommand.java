package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PluginEntry;
import io.hardway.core.PluginKind;
import io.hardway.core.json.JsonWriter;
import io.hardway.spi.Host;
import io.hardway.spi.Support;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code doctor}: tells what this host can do, what is missing, and how to get it. Exit code 1
 * where no container can run.
 */
final class DoctorCommand implements Command {
  private static final List<String> NAMESPACES =
      List.of("mnt", "pid", "uts", "user", "net", "ipc", "cgroup", "time");
  private static final List<String> FILESYSTEMS =
      List.of("overlay", "tmpfs", "proc", "sysfs", "devpts", "mqueue");
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_SYS_ADMIN",
          "CAP_NET_ADMIN",
          "CAP_SYS_RESOURCE",
          "CAP_MKNOD",
          "CAP_SETUID",
          "CAP_SETGID");

  private static final List<String> CONTROLLERS =
      List.of(
          "cpu",
          "cpuset",
          "memory",
          "pids",
          "io",
          "devices",
          "hugetlb",
          "rdma",
          "net_cls",
          "net_prio");

  @Override
  public OptionTable table() {
    return new OptionTable(
            "doctor", "[OPTIONS]", "Tell what this host can do, what is missing, and how to get it")
        .value("format", "format", "json or table")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    String format = arguments.text("format").orElse("table");
    if (!format.equals("table") && !format.equals("json")) {
      throw arguments.refuse("format", format, "there are json and table");
    }
    List<Finding> findings = new ArrayList<>();
    boolean canRun = examine(session, findings);
    if (format.equals("json")) {
      for (Finding finding : findings) {
        session.out().println(finding.json());
      }
    } else {
      Table table = new Table("CHECK", "RESULT", "REMARK");
      for (Finding finding : findings) {
        table.add(finding.check(), finding.result(), finding.remark());
      }
      table.print(session.out());
    }
    for (String complaint : session.engine().plugins().complaints()) {
      session.err().println("hardway: " + complaint);
    }
    return canRun ? 0 : 1;
  }

  /**
   * What was looked at.
   *
   * @param check what it is about
   * @param result {@code ok}, {@code missing}, {@code unusable} or {@code impossible}
   * @param remark what it is, or what does not work for it and how to get it; may be empty
   */
  private record Finding(String check, String result, String remark) {
    String json() {
      return new JsonWriter()
          .beginObject()
          .field("Check", check)
          .field("Result", result)
          .field("Remark", remark)
          .endObject()
          .toString();
    }
  }

  /** Adds all findings; whether a container can run. */
  private static boolean examine(Session session, List<Finding> table) throws IOException {
    Host host = session.host();
    int kernel = host.kernelVersion();
    add(
        table,
        "kernel",
        kernel >= 5012 ? "ok" : "missing",
        System.getProperty("os.version") + (kernel >= 5012 ? "" : ": 5.12 or newer is needed"));
    add(table, "architecture", "ok", host.architecture());
    add(
        table,
        "user",
        "ok",
        host.isPrivileged()
            ? "root"
            : "an ordinary user, " + host.uid() + ": containers get a user namespace");
    namespaces(host, table);
    for (String type : FILESYSTEMS) {
      boolean has = host.supportsFilesystem(type);
      add(
          table,
          "file system " + type,
          has ? "ok" : "missing",
          has ? "" : "load its module: modprobe " + type);
    }
    if (host.isPrivileged()) {
      for (String capability : CAPABILITIES) {
        boolean has = host.hasCapability(capability);
        add(
            table,
            capability,
            has ? "ok" : "missing",
            has ? "" : "what needs it is refused: start hardway with it");
      }
    } else {
      rootless(host, table);
    }
    boolean canRun = plugins(session, table);
    networks(session, table);
    limits(session, table);
    filters(host, table);
    library(table);
    modules(host, table);
    cache(host, table);
    writable(table, "state directory", session.engine().directories().state());
    writable(table, "data directory", session.engine().directories().data());
    return canRun;
  }

  private static void add(List<Finding> findings, String check, String result, String remark) {
    findings.add(new Finding(check, result, remark));
  }

  private static void namespaces(Host host, List<Finding> table) {
    for (String name : NAMESPACES) {
      boolean has = host.supportsNamespace(name);
      add(
          table,
          "namespace " + name,
          has ? "ok" : "missing",
          has ? "" : "the kernel was built without it");
    }
  }

  private static void rootless(Host host, List<Finding> table) {
    boolean allowed =
        !firstLine(host, "/proc/sys/kernel/unprivileged_userns_clone").equals("0")
            && !firstLine(host, "/proc/sys/user/max_user_namespaces").equals("0");
    add(
        table,
        "user namespaces for users",
        allowed ? "ok" : "missing",
        allowed
            ? ""
            : "root must allow them: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000");
    boolean ids = !host.subordinateUids().isEmpty() && !host.subordinateGids().isEmpty();
    add(
        table,
        "subordinate ids",
        ids ? "ok" : "missing",
        ids
            ? ""
            : "containers have one id; more with lines in /etc/subuid and /etc/subgid (usermod --add-subuids)");
    for (String program : List.of("newuidmap", "newgidmap")) {
      boolean has = host.program(program).isPresent();
      add(
          table,
          program,
          has ? "ok" : "missing",
          has ? "" : "containers have one id; more with the package uidmap");
    }
  }

  private static boolean plugins(Session session, List<Finding> table) {
    for (PluginEntry entry : session.engine().plugins().all()) {
      Support support = entry.probe(session.host());
      add(
          table,
          entry.kind().label() + " plugin " + entry.name(),
          support.isUsable() ? "ok" : "unusable",
          support.reason());
    }
    boolean canRun = true;
    for (PluginKind kind : List.of(PluginKind.ISOLATION, PluginKind.ROOTFS)) {
      canRun &= session.engine().plugins().hasUsable(kind);
    }
    add(
        table,
        "containers",
        canRun ? "ok" : "impossible",
        canRun ? "" : "a plugin for isolation and one for root file systems must work");
    return canRun;
  }

  private static void networks(Session session, List<Finding> table) {
    for (PluginEntry entry : session.engine().plugins().all()) {
      if (entry.kind() == PluginKind.NETWORK && entry.probe(session.host()).isUsable()) {
        session
            .engine()
            .plugins()
            .network(entry.name())
            .examine(session.host(), session.engine().directories().leases())
            .forEach(
                finding ->
                    add(
                        table,
                        finding.subject(),
                        finding.isGood() ? "ok" : "missing",
                        finding.remark()));
      }
    }
  }

  /** Controllers are where they are: some hosts have a few in another version than the rest. */
  private static void limits(Session session, List<Finding> table) {
    for (String controller : CONTROLLERS) {
      Optional<String> giver = session.engine().plugins().giver(controller);
      add(
          table,
          "limits of " + controller,
          giver.isPresent() ? "ok" : "missing",
          giver
              .map(name -> "by " + name)
              .orElse("refused: no resource plugin has the controller here"));
    }
  }

  private static void filters(Host host, List<Finding> table) {
    boolean has = Files.exists(host.file("/proc/sys/kernel/seccomp/actions_avail"));
    add(
        table,
        "system call filters",
        has ? "ok" : "missing",
        has
            ? ""
            : "the kernel was built without CONFIG_SECCOMP_FILTER: containers need seccomp=unconfined");
  }

  private static void library(List<Finding> table) {
    boolean has = false;
    for (String folder :
        List.of(
            "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")) {
      has |= Files.exists(Path.of(folder, "libseccomp.so.2"));
    }
    add(
        table,
        "libseccomp",
        has ? "ok" : "missing",
        has
            ? ""
            : "seccomp profiles of your own, and the default one with rare capabilities, need it: install libseccomp2");
  }

  /** The kernel tells whether this process has mapped it: a file alone may be of other jars. */
  private static void cache(Host host, List<Finding> table) throws IOException {
    boolean inUse = false;
    for (String line : Files.readAllLines(host.file("/proc/self/maps"))) {
      inUse |= line.endsWith(".aot");
    }
    add(
        table,
        "ahead-of-time cache",
        inUse ? "ok" : "missing",
        inUse
            ? "in use"
            : "commands start 70 ms later: it is absent or of other jars; unpack the archive again");
  }

  private static String firstLine(Host host, String file) {
    try {
      return Files.readString(host.file(file)).strip();
    } catch (IOException absent) {
      return "";
    }
  }

  private static void modules(Host host, List<Finding> table) {
    boolean appArmor = firstLine(host, "/sys/module/apparmor/parameters/enabled").equals("Y");
    boolean selinux = Files.exists(host.file("/sys/fs/selinux/enforce"));
    add(
        table,
        "AppArmor or SELinux",
        appArmor || selinux ? "ok" : "missing",
        appArmor
            ? "AppArmor"
            : selinux
                ? "SELinux"
                : "labels of security modules are refused; boot with lsm=apparmor");
  }

  private static void writable(List<Finding> table, String name, Path directory) {
    Path existing = directory;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean may = existing != null && Files.isWritable(existing);
    add(
        table,
        name,
        may ? "ok" : "missing",
        directory + (may ? "" : " cannot be made: " + existing + " is not writable"));
  }
}
