/** A network that ends at the container: its own loopback. */
package io.hardway.net.none;
