package io.hardway.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * A value for a row of the table: under which condition a host can have it (a command of {@code
 * vm/limits}), what is asked for, and the line that each of the row's files then has, in version 1
 * and in version 2; after it the same for {@code update}. {@code $disk} and {@code $numbers} are a
 * block device of the machine. Lines of several files are joined by {@code +}, of alternatives by
 * {@code |}; of a program, it is a script that says ok inside.
 */
record LimitSample(
    String key,
    String condition,
    String run,
    String one,
    String two,
    String update,
    String newOne,
    String newTwo) {

  /** One for each row. */
  static final List<LimitSample> ALL =
      samples(
          """
          --memory             ; --memory 64m                      ; 67108864 ; 67108864
                               ; --memory 32m                      ; 33554432 ; 33554432
          --memory-reservation ; --memory-reservation 48m          ; 50331648 ; 50331648
                               ; --memory-reservation 24m          ; 25165824 ; 25165824
          --memory-swap        ; --memory 64m --memory-swap 96m    ; 100663296 ; 33554432
                               ; --memory 32m --memory-swap 48m    ; 50331648 ; 16777216
          --kernel-memory-tcp  ; --kernel-memory-tcp 16m           ; 16777216 ;
                               ; --kernel-memory-tcp 8m            ; 8388608 ;
          memory.kernel        ; memory "kernel":1048576           ; ;
          --memory-swappiness  ; --memory-swappiness 10            ; 10 ;
                               ; --memory-swappiness 20            ; 20 ;
          --oom-kill-disable   ; --oom-kill-disable                ; oom_kill_disable 1 ;
                               ; --oom-kill-disable                ; oom_kill_disable 1 ;
          --cpu-shares         ; --cpu-shares 512                  ; 512 ; 59
                               ; --cpu-shares 2048                 ; 2048 ; 174
          --cpus               ; --cpus 0.5                        ; 50000+100000 ; 50000 100000
                               ; --cpus 0.25                       ; 25000+100000 ; 25000 100000
          --cpu-quota          ; --cpu-quota 40000                 ; 40000 ; 40000 100000
                               ; --cpu-quota -1                    ; -1 ; max 100000
          --cpu-period         ; --cpu-period 50000                ; 50000 ; max 50000
                               ; --cpu-period 20000                ; 20000 ; max 20000
          --cpu-burst          ; --cpus 0.5 --cpu-burst 10000      ; 10000 ; 10000
                               ; --cpu-burst 20000                 ; 20000 ; 20000
          --cpu-idle           ; --cpu-idle                        ; 1 ; 1
                               ; --cpu-idle=false                  ; 0 ; 0
          --cpu-rt-runtime     ; --cpu-rt-runtime 1000             ; 1000 ;
                               ; --cpu-rt-runtime 2000             ; 2000 ;
          --cpu-rt-period      ; --cpu-rt-period 500000            ; 500000 ;
                               ; --cpu-rt-period 600000            ; 600000 ;
          --cpuset-cpus        ; --cpuset-cpus 1                   ; 1 ; 1
                               ; --cpuset-cpus 0                   ; 0 ; 0
          --cpuset-mems        ; --cpuset-mems 0                   ; 0 ; 0
                               ; --cpuset-mems 0                   ; 0 ; 0
          --pids-limit         ; --pids-limit 32                   ; 32 ; 32
                               ; --pids-limit -1                   ; max ; max
          --blkio-weight       ; --blkio-weight 500                ; 500 ; default 500+default 4950|default 4950
                               ; --blkio-weight 10                 ; 10 ; default 10+default 1|default 1
          --blkio-weight-device if has_bfq ; --blkio-weight-device /dev/$disk:500 ; $numbers 500 ; $numbers 500|$numbers 4950
                               ; --blkio-weight-device /dev/$disk:10 ; $numbers 10 ; $numbers 10|$numbers 1
          blockIO.leafWeight   ; blockIO "leafWeight":500          ; ;
          --device-read-bps    ; --device-read-bps /dev/$disk:1mb  ; $numbers 1048576 ; $numbers rbps=1048576 wbps=max riops=max wiops=max
                               ; --device-read-bps /dev/$disk:2mb  ; $numbers 2097152 ; $numbers rbps=2097152 wbps=max riops=max wiops=max
          --device-write-bps   ; --device-write-bps /dev/$disk:1mb ; $numbers 1048576 ; $numbers rbps=max wbps=1048576 riops=max wiops=max
                               ; --device-write-bps /dev/$disk:2mb ; $numbers 2097152 ; $numbers rbps=max wbps=2097152 riops=max wiops=max
          --device-read-iops   ; --device-read-iops /dev/$disk:100 ; $numbers 100 ; $numbers rbps=max wbps=max riops=100 wiops=max
                               ; --device-read-iops /dev/$disk:200 ; $numbers 200 ; $numbers rbps=max wbps=max riops=200 wiops=max
          --device-write-iops  ; --device-write-iops /dev/$disk:100 ; $numbers 100 ; $numbers rbps=max wbps=max riops=max wiops=100
                               ; --device-write-iops /dev/$disk:200 ; $numbers 200 ; $numbers rbps=max wbps=max riops=max wiops=200
          --hugetlb            ; --hugetlb 2MB:64m                 ; 67108864+67108864|67108864 ; 67108864+67108864|67108864
                               ; --hugetlb 2MB:32m                 ; 33554432+33554432|33554432 ; 33554432+33554432|33554432
          --rdma if has_rdma   ; --rdma $rdma:hca_handle=2,hca_object=100 ; $rdma hca_handle=2 hca_object=100 ; $rdma hca_handle=2 hca_object=100
                               ; --rdma $rdma:hca_handle=3         ; $rdma hca_handle=3 hca_object=100 ; $rdma hca_handle=3 hca_object=100
          --net-cls            ; --net-cls 0x100001                ; 1048577 ;
                               ; --net-cls 10:2                    ; 1048578 ;
          --net-prio           ; --net-prio lo:5                   ; lo 5 ;
                               ; --net-prio lo:7                   ; lo 7 ;
          --device-cgroup-rule ; --device-cgroup-rule "b $numbers rm" ; b $numbers rm ; mknod /tmp/node b ${numbers%:*} ${numbers#*:} && dd if=/tmp/node of=/dev/null bs=512 count=1 && echo ok
          --cgroup-conf memory.high ; --cgroup-conf memory.high=50331648 ; ; 50331648
                               ; --cgroup-conf memory.high=max     ; ; max
          --cgroup-conf memory.min ; --cgroup-conf memory.min=1048576 ; ; 1048576
                               ; --cgroup-conf memory.min=0        ; ; 0
          --cgroup-conf memory.swap.high ; --cgroup-conf memory.swap.high=16777216 ; ; 16777216
                               ; --cgroup-conf memory.swap.high=max ; ; max
          --cgroup-conf memory.zswap.max ; --cgroup-conf memory.zswap.max=1048576 ; ; 1048576
                               ; --cgroup-conf memory.zswap.max=0  ; ; 0
          --cgroup-conf memory.oom.group ; --cgroup-conf memory.oom.group=1 ; ; 1
                               ; --cgroup-conf memory.oom.group=0  ; ; 0
          --cgroup-conf cpu.weight.nice ; --cgroup-conf cpu.weight.nice=5 ; ; 5
                               ; --cgroup-conf cpu.weight.nice=-5  ; ; -5
          --cgroup-conf cpuset.cpus.partition if false ; --cgroup-conf cpuset.cpus.partition=root ; ; root
                               ; --cgroup-conf cpuset.cpus.partition=isolated ; ; isolated
          --cgroup-conf io.latency ; --cgroup-conf "io.latency=$numbers target=10000" ; ; $numbers target=10000
                               ; --cgroup-conf "io.latency=$numbers target=20000" ; ; $numbers target=20000
          --cgroup-conf misc.max if has_misc ; --cgroup-conf "misc.max=$misc 1" ; ; $misc 1
                               ; --cgroup-conf "misc.max=$misc 2"  ; ; $misc 2
          --cgroup-conf cgroup.max.descendants ; --cgroup-conf cgroup.max.descendants=3 ; ; 3
                               ; --cgroup-conf cgroup.max.descendants=max ; ; max
          """);

  private static List<LimitSample> samples(String text) {
    return Arrays.stream(text.strip().split("\n(?=\\S)"))
        .map(
            sample -> {
              String[] cells =
                  Arrays.stream(sample.split(";", -1)).map(String::strip).toArray(String[]::new);
              String[] key = cells[0].split(" if ");
              boolean isUpdated = cells.length > 4;
              return new LimitSample(
                  key[0],
                  key.length > 1 ? key[1] : "true",
                  cells[1],
                  cells[2],
                  cells[3],
                  isUpdated ? cells[4] : "",
                  isUpdated ? cells[5] : "",
                  isUpdated ? cells[6] : "");
            })
        .toList();
  }

  /** The lines for a version that are there after {@code run}. */
  String lines(int version) {
    return version == 1 ? one : two;
  }

  /** The lines for a version that are there after {@code update}. */
  String newLines(int version) {
    return version == 1 ? newOne : newTwo;
  }

  /** The options that are given, without their values. */
  List<String> options() {
    return Arrays.stream(run.split(" "))
        .filter(word -> word.startsWith("--") && !REPEATED.contains(word))
        .toList();
  }

  /** Options that two samples may give in one command line. */
  private static final List<String> REPEATED = List.of("--cgroup-conf", "--device-cgroup-rule");
}
