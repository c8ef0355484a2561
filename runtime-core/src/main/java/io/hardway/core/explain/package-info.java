/**
 * Plans for people: as text, as JSON, and as a shell script that does the same by hand.
 *
 * <p>Every operation has its shell command in {@link io.hardway.core.explain.ShellCommands}, an
 * exhaustive {@code switch}: an operation without an explanation does not compile.
 */
package io.hardway.core.explain;
