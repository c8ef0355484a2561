package io.hardway.linux.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.hardway.spi.spec.Seccomp;
import io.hardway.spi.spec.SeccompArgument;
import io.hardway.spi.spec.SeccompRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeccompProfileTest {
  private static final int KERNEL = 6001;

  private static SeccompProfile rules(String rules) {
    return SeccompProfile.parse(
        "p.json", "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[" + rules + "]}");
  }

  private static List<String> names(
      SeccompProfile profile, String machine, String... capabilities) {
    List<String> names = new ArrayList<>();
    for (SeccompRule rule : profile.resolve(List.of(capabilities), machine, KERNEL).syscalls()) {
      names.addAll(rule.names());
    }
    return names;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'includes':{'caps':['CAP_BPF']}                   | CAP_BPF  | x86_64  | true",
        "'includes':{'caps':['CAP_BPF']}                   | CAP_KILL | x86_64  | false",
        "'includes':{'caps':['CAP_BPF','CAP_SYSLOG']}      | CAP_BPF  | x86_64  | false",
        "'excludes':{'caps':['CAP_BPF','CAP_SYSLOG']}      | CAP_BPF  | x86_64  | false",
        "'excludes':{'caps':['CAP_BPF']}                   | CAP_KILL | x86_64  | true",
        "'includes':{'arches':['arm','arm64']}             | CAP_KILL | aarch64 | true",
        "'includes':{'arches':['amd64']}                   | CAP_KILL | aarch64 | false",
        "'excludes':{'arches':['arm64']}                   | CAP_KILL | aarch64 | false",
        "'includes':{'minKernel':'6.1'}                    | CAP_KILL | x86_64  | true",
        "'includes':{'minKernel':'6.2'}                    | CAP_KILL | x86_64  | false",
        "'includes':{'minKernel':'5.19'}                   | CAP_KILL | x86_64  | true",
        "'excludes':{'minKernel':'6.1'}                    | CAP_KILL | x86_64  | false",
        "'includes':{},'excludes':null,'args':null         | CAP_KILL | x86_64  | true"
      })
  void aRuleHoldsWhereItsConditionsDo(
      String condition, String capability, String machine, boolean holds) {
    SeccompProfile profile =
        rules(
            "{'names':['bpf'],'action':'SCMP_ACT_ALLOW',".replace('\'', '"')
                + condition.replace('\'', '"')
                + "}");
    assertEquals(holds ? List.of("bpf") : List.of(), names(profile, machine, capability));
  }

  @Test
  void theOldFormNamesOneCall() {
    assertEquals(
        List.of("mkdir"),
        names(rules("{\"name\":\"mkdir\",\"action\":\"SCMP_ACT_ALLOW\"}"), "x86_64"));
  }

  @Test
  void architecturesAreThoseOfTheMachinesFamily() {
    SeccompProfile profile =
        SeccompProfile.parse(
            "p.json",
            """
            {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [
              {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86", "SCMP_ARCH_X32"]},
              {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": ["SCMP_ARCH_ARM"]}]}
            """);
    assertEquals(
        List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
        profile.resolve(List.of(), "x86_64", KERNEL).architectures());
    assertEquals(
        List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"),
        profile.resolve(List.of(), "aarch64", KERNEL).architectures());
    assertEquals(List.of(), profile.resolve(List.of(), "s390x", KERNEL).architectures());
  }

  @Test
  void keepsWhatTheProfileSays() {
    Seccomp filter =
        SeccompProfile.parse(
                "p.json",
                """
                {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "comment": "x",
                 "architectures": ["SCMP_ARCH_X86_64"], "flags": ["SECCOMP_FILTER_FLAG_LOG"],
                 "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_TRACE", "errnoRet": 7, "args": [
                   {"index": 5, "value": 18446744073709551615, "valueTwo": 3, "op": "SCMP_CMP_MASKED_EQ"}]}]}
                """)
            .resolve(List.of(), "x86_64", KERNEL);
    assertEquals(38, filter.defaultErrnoRet().getAsInt());
    assertEquals(List.of("SCMP_ARCH_X86_64"), filter.architectures());
    assertEquals(2, FilterCompiler.flags(filter, "p.json"));
    SeccompRule rule = filter.syscalls().get(0);
    assertEquals(7, rule.errnoRet().getAsInt());
    SeccompArgument argument = rule.args().get(0);
    assertEquals(5, argument.index());
    assertEquals(-1L, argument.value());
    assertEquals(3, argument.valueTwo());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]                                              | p.json: not a JSON object",
        "{}                                              | p.json: defaultAction is missing",
        "{'defaultAction':'X'}                           | p.json: defaultAction: unknown: X; there are SCMP_ACT_KILL,",
        "{'defaultAction':'SCMP_ACT_ALLOW'} 1            | p.json: there is more behind the JSON object",
        "{'defaultAction':'SCMP_ACT_NOTIFY'}             | p.json: defaultAction: SCMP_ACT_NOTIFY needs an agent",
        "{'listenerPath':'/s'}                           | p.json: listenerPath is for an agent",
        "{'defaultAction':'SCMP_ACT_ERRNO','defaultErrnoRet':4096} | p.json: defaultAction: errnoRet is 4096: it must be 0 to 4095",
        "{'flags':['LOG']}                               | p.json: flags[0]: unknown: LOG; there are SECCOMP_FILTER_FLAG_TSYNC,",
        "{'architectures':['SCMP_ARCH_VAX']}             | p.json: architectures[0]: unknown: SCMP_ARCH_VAX",
        "{'archMap':[{'subArchitectures':[]}]}           | p.json: archMap[0]: architecture is missing",
        "{'sycalls':[]}                                  | p.json: sycalls is no member of a profile",
        "{'syscalls':{}}                                 | p.json: syscalls must be an array",
        "{'syscalls':[3]}                                | p.json: syscalls[0] must be an object",
        "{'syscalls':[{'action':'SCMP_ACT_ALLOW'}]}      | p.json: syscalls[0]: names no system call",
        "{'syscalls':[{'names':['a']}]}                  | p.json: syscalls[0]: action is missing",
        "{'syscalls':[{'names':['a',1]}]}                | p.json: syscalls[0].names[1] must be text",
        "{'syscalls':[{'names':['a'],'action':'SCMP_ACT_ALLOW','errnoRet':1}]} | p.json: syscalls[0].action: errnoRet has no meaning for SCMP_ACT_ALLOW",
        "{'syscalls':[{'args':[{'index':6}]}]}           | p.json: syscalls[0].args[0].index must be 0 to 5",
        "{'syscalls':[{'args':[{'value':-1}]}]}          | p.json: syscalls[0].args[0].value must be 0 to 18446744073709551615",
        "{'syscalls':[{'args':[{'value':1.5}]}]}         | p.json: syscalls[0].args[0].value must be a whole number",
        "{'syscalls':[{'args':[{'op':'EQ'}]}]}           | p.json: syscalls[0].args[0].op: unknown: EQ; there are SCMP_CMP_NE,",
        "{'syscalls':[{'args':[{'index':1}]}]}           | p.json: syscalls[0].args[0]: op is missing",
        "{'syscalls':[{'includes':{'caps':['SYS_ADMIN']}}]} | p.json: syscalls[0].includes.caps[0]: there is no capability SYS_ADMIN",
        "{'syscalls':[{'includes':{'minKernel':'new'}}]} | p.json: syscalls[0].includes.minKernel must be like 4.8, not new",
      })
  void aBadProfileIsRefusedWithItsPlace(String profile, String message) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> SeccompProfile.parse("p.json", profile.replace('\'', '"')));
    assertEquals(
        message,
        refusal
            .getMessage()
            .substring(0, Math.min(message.length(), refusal.getMessage().length())));
  }
}
