/**
 * Messages to the kernel's network configuration, as the steps of a plan carry them; netlink(7),
 * rtnetlink(7).
 *
 * @since 0.1
 */
package io.hardway.linux.netlink;
