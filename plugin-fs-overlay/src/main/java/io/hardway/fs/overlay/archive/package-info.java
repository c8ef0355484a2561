/**
 * Root file systems out of tar archives: unpacked once, found again by the archive's content,
 * shared by all containers that are made of it.
 */
package io.hardway.fs.overlay.archive;
