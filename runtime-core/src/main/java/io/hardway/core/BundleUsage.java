package io.hardway.core;

import io.hardway.spi.Usage;
import java.util.List;

/**
 * What a container of the OCI runtime uses at one moment.
 *
 * @param groupVersion of its control group, 1 or 2
 * @param interfaces of its network namespace; none where that is the host's
 */
public record BundleUsage(Usage usage, long groupVersion, List<InterfaceCounters> interfaces) {}
