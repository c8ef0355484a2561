/**
 * System call filters: profiles as docker and OCI write them, and the programs that libseccomp
 * makes of them; seccomp(2), seccomp_rule_add(3).
 *
 * @since 0.1
 */
package io.hardway.linux.seccomp;
