/** Isolation by what the kernel itself offers: namespaces, capabilities, mounts, limits. */
package io.hardway.isolation.linux;
