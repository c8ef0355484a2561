package io.hardway.spi;

/**
 * What every plugin can say about itself before anything is asked of it.
 *
 * <p>Implementations have a public constructor without parameters that does nothing, and are found
 * by {@link java.util.ServiceLoader} under the interface of their kind.
 *
 * @since 0.1
 */
public interface Plugin {

  /**
   * The name used in configuration, on the command line and in error messages, like {@code
   * cgroup-v2}: lower case letters, digits and dashes.
   */
  String name();

  /** One line for {@code hardway plugins}. */
  default String description() {
    return "";
  }

  /**
   * Whether it works on this host, and how well; if not, one sentence why. Reads, never writes;
   * called at every start, so it must be quick.
   */
  Support probe(Host host);
}
