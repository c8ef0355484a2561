/**
 * The configuration of a container after the OCI runtime-spec 1.3: plain immutable values with
 * builders, named as the specification names them.
 *
 * @since 0.1
 */
package io.hardway.spi.spec;
