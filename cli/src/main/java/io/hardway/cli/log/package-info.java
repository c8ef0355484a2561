/** Where the log goes: standard error, through logback, which is started by the first event. */
package io.hardway.cli.log;
