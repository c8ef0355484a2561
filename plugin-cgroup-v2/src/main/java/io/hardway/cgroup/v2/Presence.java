package io.hardway.cgroup.v2;

/** Whether the kernel gives a file to groups, as far as one that exists shows it. */
enum Presence {
  THERE,
  MISSING,

  /** No group has the controller yet, so none shows what its files are. */
  UNKNOWN
}
