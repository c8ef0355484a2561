package io.hardway.cli.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.hardway.core.PortMapping;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Docker's grammar of ports. */
class PortFlagTest {
  private static String meaning(String text) {
    List<String> words = new ArrayList<>();
    for (PortMapping mapping : PortFlag.publish(text)) {
      words.add(mapping.address() + "|" + mapping.hostPort() + "|" + mapping.target());
    }
    return String.join(" ", words);
  }

  @ParameterizedTest
  @CsvSource({
    "80, ||80/tcp",
    "53/udp, ||53/udp",
    "53/UDP, ||53/udp",
    "8080:80, |8080|80/tcp",
    "0:80, ||80/tcp",
    ":80, ||80/tcp",
    "127.0.0.1:8080:80, 127.0.0.1|8080|80/tcp",
    "127.0.0.1::80, 127.0.0.1||80/tcp",
    "[::1]:8080:80/tcp, ::1|8080|80/tcp",
    "[2001:db8::1]::53/udp, 2001:db8::1||53/udp",
    "8000-8001:80-81, |8000|80/tcp |8001|81/tcp",
    "8000-8005:80, |8000-8005|80/tcp",
    "80-81, ||80/tcp ||81/tcp",
    "65535:65535, |65535|65535/tcp",
  })
  void aPortIsNamedByAddressHostAndContainer(String text, String meaning) {
    assertEquals(meaning, meaning(text));
  }

  @ParameterizedTest
  @CsvSource({
    "'', no port specified",
    "8080:, no port specified",
    "/tcp, no port specified",
    "8080:http, invalid containerPort: http",
    "8080:0, invalid containerPort: 0",
    "8080:65536, invalid containerPort: 65536",
    "http:80, invalid hostPort: http",
    "65536:80, invalid hostPort: 65536",
    "99999999999:80, invalid hostPort: 99999999999",
    "-1:80, invalid hostPort: -1",
    "8081-8080:80, it ends before it begins",
    "8000-8002:80-81, invalid ranges specified for container and host Ports: 80-81 and 8000-8002",
    "80/sctp, invalid proto: sctp",
    "80/, invalid proto: ",
    "localhost:8080:80, invalid IP address: localhost",
    "::1:8080:80, invalid",
    "[::1:8080:80, invalid",
    "[::1]8080:80, invalid",
    "300.0.0.1:8080:80, invalid IP address: 300.0.0.1",
  })
  void whatIsNoneIsRefused(String text, String reason) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PortFlag.publish(text)).getMessage();
    assertTrue(message.contains(reason), message);
  }

  @Test
  void exposedPortsAreOfTheContainerOnly() {
    assertEquals(List.of("80/tcp"), PortFlag.expose("80"));
    assertEquals(List.of("80/udp", "81/udp"), PortFlag.expose("80-81/udp"));
    assertThrows(IllegalArgumentException.class, () -> PortFlag.expose("8080:80"));
  }
}
