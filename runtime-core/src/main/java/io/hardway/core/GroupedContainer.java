package io.hardway.core;

import io.hardway.spi.spec.Spec;
import java.util.List;

/** What has to be known of a container to place it in control groups. */
interface GroupedContainer {
  /** Its id. */
  String id();

  /** How people call it. */
  String name();

  /** What it runs in. */
  Spec spec();

  /** The name of the resource plugin; empty: no control group. */
  String resources();

  /**
   * The names of resource plugins that may be asked for limits that {@link #resources()} does not
   * give on this host.
   */
  List<String> supplements();

  /** Whether systemd is to make its group; counts when it is made. */
  default boolean bySystemd() {
    return false;
  }

  /** How it gets a limit that only a group could give which it has been started without. */
  String remedyForLateLimits();
}
