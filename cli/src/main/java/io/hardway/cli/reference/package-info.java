/**
 * What is written from the option tables: completion scripts, manual pages, the guide's reference
 * of commands.
 */
package io.hardway.cli.reference;
