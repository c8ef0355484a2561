/** Assembles what a person unpacks: jars, runtime image, ahead-of-time cache, native program. */
package io.hardway.distribution;
