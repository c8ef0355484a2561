/** Networks that are a bridge of the host each, with a pair of interfaces for every container. */
package io.hardway.net.bridge;
