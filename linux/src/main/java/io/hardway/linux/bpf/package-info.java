/**
 * Programs that the kernel runs, as the steps of a plan carry them; bpf(2).
 *
 * @since 0.1
 */
package io.hardway.linux.bpf;
