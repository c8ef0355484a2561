/**
 * The options of every command, and a parser that reads them as docker's command line does (the
 * semantics of Go's pflag).
 *
 * <p>No command line library for Java parses that way: {@code --rm=false}, {@code -itd}, {@code
 * -ofile}, options that end at the first positional argument. What is here is loaded at every
 * start, so it makes no reflection, no pattern and no stream.
 */
package io.hardway.cli.option;
