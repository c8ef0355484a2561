package io.hardway.cli;

/** Which Hardway this is. */
final class Version {
  private Version() {}

  /** The version, as the jar's manifest has it. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
