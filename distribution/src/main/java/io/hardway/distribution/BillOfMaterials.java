package io.hardway.distribution;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The archive's bill of materials (CycloneDX 1.6): what Maven knows, which is the jars, and beside
 * them the Java runtime and the native program.
 */
public final class BillOfMaterials {
  /** Where the components begin; others, the tools that made the list, are indented further. */
  private static final String COMPONENTS = "\n  \"components\" : [";

  private BillOfMaterials() {}

  /**
   * Completes the list.
   *
   * @param arguments Maven's list, the installation folder, the version, the file to write
   */
  public static void main(String[] arguments) throws IOException {
    String jars = Files.readString(Path.of(arguments[0]));
    Path home = Path.of(arguments[1]);
    int at = jars.indexOf(COMPONENTS);
    if (at < 0) {
      throw new IOException(arguments[0] + " has no list of components");
    }
    int rest = at + COMPONENTS.length();
    String ours =
        component(
                "application",
                "hardway-init",
                arguments[2],
                "Apache-2.0",
                sha256(home.resolve("bin/hardway")))
            + ","
            + component(
                "platform",
                "openjdk-runtime",
                Runtime.version().toString(),
                "GPL-2.0-with-classpath-exception",
                sha256(home.resolve("runtime/lib/modules")))
            + ",";
    Files.writeString(Path.of(arguments[3]), jars.substring(0, rest) + ours + jars.substring(rest));
  }

  /** The values need no escapes: names, versions and digests. */
  private static String component(
      String type, String name, String version, String license, String sha256) {
    return """

            {
              "type" : "%s",
              "bom-ref" : "%s@%s",
              "name" : "%s",
              "version" : "%s",
              "hashes" : [ { "alg" : "SHA-256", "content" : "%s" } ],
              "licenses" : [ { "license" : { "id" : "%s" } } ]
            }"""
        .formatted(type, name, version, name, version, sha256, license);
  }

  private static String sha256(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(Files.readAllBytes(file)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
