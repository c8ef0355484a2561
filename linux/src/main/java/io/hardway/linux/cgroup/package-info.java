/**
 * Control groups as the kernel shows them, in version 1 and 2 alike: reading their files, and the
 * lists and devices that limits are about; cgroups(7).
 *
 * @since 0.1
 */
package io.hardway.linux.cgroup;
