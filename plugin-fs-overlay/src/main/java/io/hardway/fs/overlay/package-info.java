/**
 * Root file systems made of layers with the kernel's overlay file system: shared directories below,
 * the container's own on top. See overlayfs.rst in the kernel's documentation.
 */
package io.hardway.fs.overlay;
