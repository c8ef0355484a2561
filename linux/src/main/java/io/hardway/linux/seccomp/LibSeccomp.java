package io.hardway.linux.seccomp;

import com.sun.jna.Native;
import com.sun.jna.Pointer;

/** libseccomp 2.5 or newer, loaded at the first call. Failures are negative errnos. */
final class LibSeccomp {
  static {
    Native.register(LibSeccomp.class, "libseccomp.so.2");
  }

  private LibSeccomp() {}

  static native int seccomp_api_set(int level);

  static native Pointer seccomp_init(int defaultAction);

  static native void seccomp_release(Pointer context);

  static native int seccomp_attr_set(Pointer context, int attribute, int value);

  static native int seccomp_arch_native();

  static native int seccomp_arch_resolve_name(byte[] name);

  static native int seccomp_arch_add(Pointer context, int architecture);

  static native int seccomp_arch_remove(Pointer context, int architecture);

  static native int seccomp_syscall_resolve_name(byte[] name);

  static native int seccomp_syscall_resolve_name_arch(int architecture, byte[] name);

  static native int seccomp_rule_add_array(
      Pointer context, int action, int call, int count, byte[] arguments);

  static native int seccomp_export_bpf(Pointer context, int descriptor);
}
