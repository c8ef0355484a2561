package io.hardway.net.bridge;

import io.hardway.spi.Errno;
import io.hardway.spi.HelperProgram;
import io.hardway.spi.Host;
import io.hardway.spi.Location;
import io.hardway.spi.Stage;
import io.hardway.spi.StepOptions;
import io.hardway.spi.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What others forbid to be forwarded. docker, ufw and others drop by default what they do not know,
 * in the tables that iptables(8) has, and an accept in our table does not help there. Where that is
 * so, and nowhere else, two rules accept what comes from our bridges and goes to them, in the chain
 * that docker keeps for such rules or else in {@code FORWARD}. What may reach our containers is
 * then decided by our own table, which sees the packets as well.
 *
 * <p>Whether somebody drops is only looked at when a bridge is made, or interfaces and tables are
 * there that were not at the last look.
 */
final class ForwardPolicy {
  private static final int PRIVATE = 0600;
  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int WRITE_CREATE_TRUNCATE = 01101;
  private static final int MILLIS = 30_000;

  /**
   * The word before the two scripts: of a family, {@code ip} or {@code ip6}, the program that
   * writes the rules that nf_tables or the older {@code legacy} tables have.
   */
  private static final String TOOLS =
      """
      comment='-m comment --comment hardway -j ACCEPT'
      is_legacy() { case $("$1" -V 2>/dev/null) in *nf_tables*) return 1 ;; *) return 0 ;; esac; }
      tool() {
        for tool in "$1tables" "$1tables-$2"; do
          if command -v "$tool" >/dev/null; then
            if is_legacy "$tool"; then kind=legacy; else kind=nft; fi
            [ $kind != "$2" ] || { echo "$tool"; return; }
          fi
        done
      }
      has_legacy() { grep -qx filter "/proc/net/$1_tables_names" 2>/dev/null; }
      """;

  /** Prints what it accepts, a line each. */
  private static final String ACCEPT =
      TOOLS
          + """
          accept() {
            for way in -i -o; do
              $1 -w -C $2 $way hardway+ $comment 2>/dev/null || $1 -w -I $2 1 $way hardway+ $comment || exit
              echo "$1 $2 $way hardway+"
            done
          }
          accept_nft() {
            for way in iifname oifname; do
              nft list chain $1 filter $2 2>/dev/null | grep -q "$way \\"hardway\\*\\".*accept" ||
                nft "insert rule $1 filter $2 $way \\"hardway*\\" counter accept comment \\"hardway\\"" || exit
              echo "nft $1 $2 $way"
            done
          }
          for family in ip ip6; do
            if nft list chain $family filter FORWARD 2>/dev/null |
              grep -qE 'policy drop|^[[:space:]]*(counter packets [0-9]+ bytes [0-9]+ )?(drop|reject)'; then
              chain=FORWARD
              ! nft list chain $family filter DOCKER-USER >/dev/null 2>&1 || chain=DOCKER-USER
              tool=$(tool $family nft)
              if [ -n "$tool" ]; then accept "$tool" $chain; else accept_nft $family $chain; fi
            fi
            if has_legacy $family; then
              tool=$(tool $family legacy)
              if [ -n "$tool" ] && "$tool" -w -S FORWARD | grep -qE '^-P FORWARD DROP|^-A FORWARD -j (DROP|REJECT)'; then
                chain=FORWARD
                ! "$tool" -w -S DOCKER-USER >/dev/null 2>&1 || chain=DOCKER-USER
                accept "$tool" $chain
              fi
            fi
          done
          """;

  private static final String TAKE_BACK =
      TOOLS
          + """
          take_back() {
            for chain in DOCKER-USER FORWARD; do
              for way in -i -o; do
                while $1 -w -D $chain $way hardway+ $comment 2>/dev/null; do :; done
              done
            done
          }
          for family in ip ip6; do
            tool=$(tool $family nft)
            [ -z "$tool" ] || take_back "$tool"
            for chain in DOCKER-USER FORWARD; do
              nft -a list chain $family filter $chain 2>/dev/null |
                sed -n 's/.*"hardway\\*".*accept comment "hardway" # handle //p' |
                while read -r handle; do nft delete rule $family filter $chain handle "$handle"; done
            done
            tool=$(tool $family legacy)
            [ -z "$tool" ] || ! has_legacy $family || take_back "$tool"
          done
          """;

  private final Host host;
  private final HostRoutes routes;
  private final Path seen;
  private final Path accepted;

  /** Remembers below this directory what it has seen. */
  ForwardPolicy(Host host, HostRoutes routes, Path directory) {
    this.host = host;
    this.routes = routes;
    this.seen = directory.resolve("neighbours");
    this.accepted = directory.resolve("accepted");
  }

  /**
   * Adds the steps that look, and accept where that is needed; none where nothing is new.
   *
   * @param bridgeIsNew whether to look in any case
   */
  void accept(boolean bridgeIsNew, Stage stage) {
    Set<String> neighbours = neighbours();
    if (!bridgeIsNew && known().containsAll(neighbours)) {
      return;
    }
    stage
        .mkdirs(Location.host(seen.getParent()), PRIVATE_DIRECTORY)
        .label("make the place for what is changed of the host");
    run(ACCEPT, accepted, stage)
        .label("accept what is ours where others' rules drop what is forwarded")
        .hint("rules of others drop what containers send: see hardway doctor");
    // Who reads a part of it looks once more.
    stage
        .write(
            Location.host(seen),
            WRITE_CREATE_TRUNCATE,
            PRIVATE,
            Text.of(String.join("\n", neighbours) + "\n"))
        .label("note with whom the host is shared");
  }

  /** Adds the steps that take the rules back, where there are any. */
  void takeBack(Stage stage) {
    if (!accepted().isEmpty()) {
      run(TAKE_BACK, null, stage).label("take back what was accepted among others' rules");
    }
    for (Path file : List.of(accepted, seen)) {
      stage
          .unlink(Location.host(file))
          .ignoring(Errno.ENOENT)
          .label("forget with whom the host was shared");
    }
  }

  /** The rules that there are, as they were made. */
  List<String> accepted() {
    return lines(accepted);
  }

  private static StepOptions run(String script, Path output, Stage stage) {
    HelperProgram.Builder program =
        HelperProgram.of(List.of(Text.of("/bin/sh"), Text.of("-c"), Text.of(script)))
            .timeoutMillis(MILLIS);
    if (output != null) {
      program.capture(output);
    }
    return stage.run(program.build());
  }

  private Set<String> known() {
    return new TreeSet<>(lines(seen));
  }

  /** Interfaces that routes go through, and tables of the older kind. */
  private Set<String> neighbours() {
    Set<String> neighbours = new TreeSet<>(routes.neighbours());
    for (String table : lines(host.file("/proc/net/ip_tables_names"))) {
      neighbours.add("table " + table);
    }
    return neighbours;
  }

  private static List<String> lines(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.isEmpty() ? List.of() : List.of(text.split("\n"));
    } catch (IOException none) {
      return List.of();
    }
  }
}
