/**
 * Files through open directories: nothing here follows a link that leads out of the directory it
 * was given, and names are bytes, as the kernel has them.
 *
 * @since 0.1
 */
package io.hardway.linux.file;
