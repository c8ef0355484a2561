/**
 * The Java side of {@code hardway-init}: the binary form of plans, the channel to the native
 * program, and how to start it.
 */
package io.hardway.init;
