/**
 * What a plugin is tested with: a host that a test describes, and suites that every plugin of a
 * kind must pass.
 *
 * @since 0.1
 */
package io.hardway.testkit;
