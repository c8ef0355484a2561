package io.hardway.cli;

import io.hardway.cli.option.OptionTable;

/** The options of {@code run} and {@code create}, and of {@code update} those about limits. */
final class ContainerOptions {
  private ContainerOptions() {}

  /** Adds what both take. */
  static OptionTable addTo(OptionTable table) {
    table
        .list(
            "add-host",
            "NAME:ADDRESS",
            "Add a line to the container's /etc/hosts; host-gateway as the address is the host's")
        .list("annotation", "KEY=VALUE", "Add an annotation to the OCI configuration")
        .list("cap-add", "capability", "Add a capability, or ALL")
        .list("cap-drop", "capability", "Drop a capability, or ALL")
        .value(
            "cgroup-parent",
            "path",
            "Make the container's cgroup in this one: batch/night is below ours, /system.slice/x from the root of the hierarchy")
        .value("cgroupns", "mode", "Cgroup namespace: private, host, container:NAME, ns:PATH")
        .value("cidfile", "file", "Write the container's id to this file");
    addLimits(table);
    table
        .list("device", "HOST[:INSIDE][:rwm]", "Give the container a device of the host")
        .list(
            "device-cgroup-rule",
            "rule",
            "Add a rule to what devices the container may use, like 'c 13:* rwm'")
        .list("dns", "address", "Ask this name server for what is no container's name")
        .list("dns-option", "option", "Set an option of the resolver, like ndots:2")
        .alias("dns-opt", "dns-option")
        .list("dns-search", "domain", "Look names up in this domain too; . in none")
        .value("domainname", "name", "The NIS domain name inside")
        .value("entrypoint", "program", "The program; what follows the options are its arguments")
        .list("expose", "port", "Tell of a port of the container, like 80 or 5000-5010/udp")
        .list(
            "env", 'e', "NAME[=VALUE]", "Set an environment variable; without a value the caller's")
        .list("env-file", "file", "Read environment variables from a file")
        .list("gidmap", "INSIDE:HOST[:COUNT]", "Map group ids of a new user namespace")
        .list("group-add", "group", "Add a supplementary group")
        .value(
            "hostname",
            'h',
            "name",
            "The host name inside; by default the first 12 digits of the id")
        .flag("init", "Run a small init as pid 1 that reaps and forwards signals")
        .flag("interactive", 'i', "Keep standard input open")
        .value("ip", "address", "Its IPv4 address in the network")
        .value("ip6", "address", "Its IPv6 address in the network")
        .value(
            "ipc",
            "mode",
            "IPC namespace: private or shareable, none (without /dev/shm), host, container:NAME, ns:PATH")
        .value("isolation", "plugin", "The isolation plugin")
        .list("label", 'l', "KEY[=VALUE]", "Set a label")
        .list("label-file", "file", "Read labels from a file")
        .value("log-driver", "driver", "How output is kept: cri, or none")
        .list("log-opt", "KEY=VALUE", "max-size and max-file of the log")
        .value("mac-address", "address", "Its hardware address in the network")
        .value(
            "mntns",
            "mode",
            "Mount namespace, with the files it has: private, host, container:NAME, ns:PATH")
        .list(
            "mount",
            "mount",
            "Mount something: type=bind|volume|tmpfs,source=...,target=...[,readonly]")
        .value("name", "name", "The container's name")
        .list(
            "network",
            "network",
            "Networks: name, or name=NAME[,ip=...][,ip6=...][,mac-address=...][,alias=...]; else a plugin's name, none, host, container:NAME, ns:PATH")
        .alias("net", "network")
        .list("network-alias", "name", "Another name of it in the first network");
    table
        .value(
            "oom-score-adj",
            "number",
            "How readily the kernel kills it when memory is short, -1000 to 1000")
        .value("pid", "mode", "PID namespace: private, host, container:NAME, ns:PATH")
        .value("preserve-fds", "count", "Pass so many descriptors from 3 on to the container")
        .flag("privileged", "Give it all capabilities and devices, and no filter")
        .list(
            "publish",
            'p',
            "[IP:][HOST:]PORT[/PROTOCOL]",
            "Let a port of the host lead to one of the container, like 8080:80 or 127.0.0.1::53/udp")
        .flag("publish-all", 'P', "Let ports of the host lead to all exposed ones")
        .flag("read-only", "Mount the root read-only")
        .value("resources", "plugin", "The resource plugin")
        .flag("rm", "Remove the container when it has ended")
        .value(
            "rootfs",
            "root",
            "What the container stands on: a directory, a tar archive, or / for the host's own files under a throw-away layer")
        .value("rootfs-plugin", "plugin", "The root file system plugin")
        .list(
            "security-opt",
            "option",
            "Security option: no-new-privileges, seccomp=FILE|unconfined, apparmor=..., label=..., mask=..., unmask=..., systempaths=unconfined, writable-cgroups=true")
        .value("shm-size", "bytes", "Size of /dev/shm; 64m by default, and with 0")
        .value("stop-signal", "signal", "The signal that asks the container to end")
        .value("stop-timeout", "seconds", "Seconds between that signal and the kill; -1 for never")
        .list("sysctl", "NAME=VALUE", "Set a kernel parameter of the container's namespaces")
        .list(
            "time-offset",
            "CLOCK=OFFSET",
            "Set a clock of a new time namespace ahead: boottime or monotonic")
        .value("timens", "mode", "Time namespace: private, host, container:NAME, ns:PATH")
        .list("tmpfs", "PATH[:OPTIONS]", "Mount a tmpfs")
        .flag("tty", 't', "Give it a terminal")
        .list("uidmap", "INSIDE:HOST[:COUNT]", "Map user ids of a new user namespace")
        .list("ulimit", "NAME=SOFT[:HARD]", "Set a resource limit")
        .value("umask", "mask", "The file mode creation mask, in octal")
        .value("user", 'u', "USER[:GROUP]", "Who it runs as, by name or number")
        .value("userns", "mode", "User namespace: host, private, auto, container:NAME, ns:PATH")
        .value("uts", "mode", "UTS namespace: private, host, container:NAME, ns:PATH")
        .list("volume", 'v', "SOURCE:PATH[:OPTIONS]", "Bind a path of the host, or mount a volume")
        .value("workdir", 'w', "directory", "The directory the program starts in");
    return table;
  }

  /** Adds the limits. */
  static OptionTable addLimits(OptionTable table) {
    return table
        .value("blkio-weight", "number", "Weight of block input and output, 10 to 1000")
        .list(
            "blkio-weight-device",
            "DEVICE:number",
            "Weight of the input and output of one device, like /dev/sda:100")
        .list(
            "cgroup-conf",
            "FILE=VALUE",
            "Write a file of the container's cgroup of version 2, like memory.high=67108864")
        .value(
            "cpu-burst",
            "microseconds",
            "Processor time that may be saved up, for use beyond the limit")
        .flag("cpu-idle", "Run only when nothing else does")
        .value("cpu-period", "microseconds", "The period of the processor limit")
        .value("cpu-quota", "microseconds", "Processor time in each period")
        .value("cpu-rt-period", "microseconds", "The period of the real-time limit")
        .value("cpu-rt-runtime", "microseconds", "Real-time scheduling in each such period")
        .value("cpu-shares", 'c', "number", "Relative weight of processor time")
        .value("cpus", "number", "How many processors it may use, like 0.5")
        .value("cpuset-cpus", "list", "The processors it may use, like 0-2,7")
        .value("cpuset-mems", "list", "The memory nodes it may use")
        .list(
            "device-read-bps",
            "DEVICE:bytes",
            "The most bytes a second it may read from a device, like /dev/sda:1mb; 0 for without limit")
        .list(
            "device-read-iops",
            "DEVICE:number",
            "The most reads a second from a device; 0 for without limit")
        .list(
            "device-write-bps",
            "DEVICE:bytes",
            "The most bytes a second it may write to a device; 0 for without limit")
        .list(
            "device-write-iops",
            "DEVICE:number",
            "The most writes a second to a device; 0 for without limit")
        .list(
            "hugetlb",
            "SIZE:bytes",
            "The most memory it may hold in huge pages of a size, like 2MB:64m; -1 for without limit")
        .value(
            "kernel-memory-tcp",
            "bytes",
            "The most memory for buffers of TCP; -1 for without limit")
        .value("memory", 'm', "bytes", "The most memory it may hold")
        .value("memory-reservation", "bytes", "The memory it may hold when memory is short")
        .value("memory-swap", "bytes", "Memory and swap together; -1 for without limit")
        .value("memory-swappiness", "number", "How readily it is swapped, 0 to 100")
        .value("net-cls", "class", "The class of its packets, like 0x100001 or 10:1")
        .list(
            "net-prio",
            "INTERFACE:number",
            "The priority of its packets on an interface of the host, like eth0:5")
        .flag("oom-kill-disable", "Wait in place of being killed when it is out of memory")
        .value("pids-limit", "number", "The most tasks it may hold; -1 for without limit")
        .list(
            "rdma",
            "DEVICE:LIMITS",
            "What it may hold of an RDMA device, like mlx5_0:hca_handle=2,hca_object=2000");
  }
}
