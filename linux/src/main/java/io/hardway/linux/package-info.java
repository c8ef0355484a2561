/**
 * Linux as Java sees it: facts about the host, and the names and numbers of the kernel's
 * interfaces.
 *
 * @since 0.1
 */
package io.hardway.linux;
