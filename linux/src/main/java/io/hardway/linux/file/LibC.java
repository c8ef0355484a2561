package io.hardway.linux.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;

/** The C library's calls that Java has no counterpart for. Names are bytes with their NUL. */
final class LibC {
  static {
    Native.register(LibC.class, "c");
  }

  private LibC() {}

  static native long syscall(
      long number, long directory, byte[] path, byte[] how, long size, long unused)
      throws LastErrorException;

  static native int openat(int directory, byte[] name, int flags, int mode)
      throws LastErrorException;

  static native int close(int descriptor) throws LastErrorException;

  static native long pwrite(int descriptor, byte[] bytes, long count, long offset)
      throws LastErrorException;

  static native int ftruncate(int descriptor, long length) throws LastErrorException;

  static native int mkdirat(int directory, byte[] name, int mode) throws LastErrorException;

  static native int mknodat(int directory, byte[] name, int mode, long device)
      throws LastErrorException;

  static native int symlinkat(byte[] target, int directory, byte[] name) throws LastErrorException;

  static native int linkat(int from, byte[] fromName, int to, byte[] name, int flags)
      throws LastErrorException;

  static native int unlinkat(int directory, byte[] name, int flags) throws LastErrorException;

  static native int renameat(int from, byte[] fromName, int to, byte[] name)
      throws LastErrorException;

  static native int fchownat(int directory, byte[] name, int uid, int gid, int flags)
      throws LastErrorException;

  static native int fchmodat(int directory, byte[] name, int mode, int flags)
      throws LastErrorException;

  static native int fchmod(int descriptor, int mode) throws LastErrorException;

  static native int utimensat(int directory, byte[] name, long[] times, int flags)
      throws LastErrorException;

  static native int fsetxattr(int descriptor, byte[] name, byte[] value, long size, int flags)
      throws LastErrorException;

  static native long lgetxattr(byte[] path, byte[] name, byte[] value, long size)
      throws LastErrorException;

  static native int statx(int directory, byte[] name, int flags, int mask, byte[] status)
      throws LastErrorException;

  static native int syncfs(int descriptor) throws LastErrorException;

  static native int fsync(int descriptor) throws LastErrorException;

  static native int fcntl(int descriptor, int command, byte[] argument) throws LastErrorException;

  static native String strerror(int errno);
}
