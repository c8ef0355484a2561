package io.hardway.cli;

import io.hardway.cli.option.Arguments;
import io.hardway.cli.option.OptionTable;
import io.hardway.core.PluginEntry;
import io.hardway.core.PluginKind;
import io.hardway.spi.Host;
import io.hardway.spi.Support;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

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

  @Override
  public OptionTable table() {
    return new OptionTable(
            "doctor", "", "Tell what this host can do, what is missing, and how to get it")
        .arguments(0, 0);
  }

  @Override
  public int run(Session session, Arguments arguments) throws IOException {
    Host host = session.host();
    Table table = new Table("CHECK", "RESULT", "REMARK");
    int kernel = host.kernelVersion();
    table.add(
        "kernel",
        kernel >= 5012 ? "ok" : "missing",
        System.getProperty("os.version") + (kernel >= 5012 ? "" : ": 5.12 or newer is needed"));
    table.add("architecture", "ok", host.architecture());
    table.add(
        "user",
        "ok",
        host.isPrivileged()
            ? "root"
            : "an ordinary user, " + host.uid() + ": containers get a user namespace");
    namespaces(host, table);
    for (String type : FILESYSTEMS) {
      boolean has = host.supportsFilesystem(type);
      table.add(
          "file system " + type,
          has ? "ok" : "missing",
          has ? "" : "load its module: modprobe " + type);
    }
    if (host.isPrivileged()) {
      for (String capability : CAPABILITIES) {
        boolean has = host.hasCapability(capability);
        table.add(
            capability,
            has ? "ok" : "missing",
            has ? "" : "what needs it is refused: start hardway with it");
      }
    } else {
      rootless(host, table);
    }
    boolean canRun = plugins(session, table);
    filters(host, table);
    library(table);
    cache(table);
    writable(table, "state directory", session.engine().directories().state());
    writable(table, "data directory", session.engine().directories().data());
    table.print(session.out());
    for (String complaint : session.engine().plugins().complaints()) {
      session.err().println("hardway: " + complaint);
    }
    return canRun ? 0 : 1;
  }

  private static void namespaces(Host host, Table table) {
    for (String name : NAMESPACES) {
      boolean has = host.supportsNamespace(name);
      table.add(
          "namespace " + name,
          has ? "ok" : "missing",
          has ? "" : "the kernel was built without it");
    }
  }

  private static void rootless(Host host, Table table) {
    boolean ids = !host.subordinateUids().isEmpty() && !host.subordinateGids().isEmpty();
    table.add(
        "subordinate ids",
        ids ? "ok" : "missing",
        ids
            ? ""
            : "containers have one id; more with lines in /etc/subuid and /etc/subgid (usermod --add-subuids)");
    for (String program : List.of("newuidmap", "newgidmap")) {
      boolean has = host.program(program).isPresent();
      table.add(
          program,
          has ? "ok" : "missing",
          has ? "" : "containers have one id; more with the package uidmap");
    }
  }

  private static boolean plugins(Session session, Table table) {
    for (PluginEntry entry : session.engine().plugins().all()) {
      Support support = entry.probe(session.host());
      table.add(
          entry.kind().label() + " plugin " + entry.name(),
          support.isUsable() ? "ok" : "unusable",
          support.reason());
    }
    boolean canRun = true;
    for (PluginKind kind : List.of(PluginKind.ISOLATION, PluginKind.ROOTFS)) {
      canRun &= session.engine().plugins().hasUsable(kind);
    }
    table.add(
        "containers",
        canRun ? "ok" : "impossible",
        canRun ? "" : "a plugin for isolation and one for root file systems must work");
    return canRun;
  }

  private static void filters(Host host, Table table) {
    boolean has = Files.exists(host.file("/proc/sys/kernel/seccomp/actions_avail"));
    table.add(
        "system call filters",
        has ? "ok" : "missing",
        has
            ? ""
            : "the kernel was built without CONFIG_SECCOMP_FILTER: containers need seccomp=unconfined");
  }

  private static void library(Table table) {
    boolean has = false;
    for (String folder :
        List.of(
            "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib")) {
      has |= Files.exists(Path.of(folder, "libseccomp.so.2"));
    }
    table.add(
        "libseccomp",
        has ? "ok" : "missing",
        has
            ? ""
            : "seccomp profiles of your own, and the default one with rare capabilities, need it: install libseccomp2");
  }

  private static void cache(Table table) throws IOException {
    String home = System.getProperty("hardway.home", "");
    boolean has = false;
    if (!home.isEmpty()) {
      try (DirectoryStream<Path> caches = Files.newDirectoryStream(Path.of(home, "lib"), "*.aot")) {
        has = caches.iterator().hasNext();
      }
    }
    table.add(
        "ahead-of-time cache",
        has ? "ok" : "missing",
        has ? "" : "commands start 70 ms later: unpack the archive again");
  }

  private static void writable(Table table, String name, Path directory) {
    Path existing = directory;
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    boolean may = existing != null && Files.isWritable(existing);
    table.add(
        name,
        may ? "ok" : "missing",
        directory + (may ? "" : " cannot be made: " + existing + " is not writable"));
  }
}
