/**
 * The command line: docker's names, flags and exit codes. Commands are thin; what they do is
 * planned by the core and performed by the native program.
 */
package io.hardway.cli;
