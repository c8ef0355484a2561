/* The operation table: docs/plan-format.md, "Operations". */
#include "step.h"

#include <stdio.h>

enum { P = 1 << ACTOR_PARENT, C = 1 << ACTOR_CONTAINER, ANY = P | C };

static const struct operation operations[] = {
  { 1, ANY, "mkdir", "ftiii", "", step_mkdir },
  { 2, ANY, "mkdirs", "fti", "", step_mkdirs },
  { 3, ANY, "write", "ftiib", "", step_write },
  { 4, ANY, "replace", "tib", "", step_replace },
  { 5, ANY, "open", "ftiio", "f", step_open },
  { 6, ANY, "close", "f", "", step_close },
  { 7, ANY, "symlink", "ftt", "", step_symlink },
  { 8, ANY, "mknod", "ftiiiii", "", step_mknod },
  { 9, ANY, "chown", "ftii", "", step_chown },
  { 10, ANY, "chmod", "fti", "", step_chmod },
  { 11, ANY, "rename", "tt", "", step_rename },
  { 12, ANY, "unlink", "ft", "", step_unlink },
  { 13, ANY, "rmdir", "ft", "", step_rmdir },
  { 14, ANY, "remove-tree", "ttt", "", step_remove_tree },
  { 15, ANY, "lock", "tio", "f", step_lock },
  { 16, ANY, "read", "ftto", "t", step_read },
  { 17, ANY, "await", "fttti", "", step_await },
  { 18, ANY, "write-fd", "fb", "", step_write_fd },
  { 19, ANY, "clock", "o", "t", step_clock },
  { 20, ANY, "mount", "ftttiti", "", step_mount },
  { 21, ANY, "bind", "ffttiiiifi", "", step_bind },
  { 22, ANY, "propagation", "ti", "", step_propagation },
  { 23, ANY, "mount-attr", "ftiiii", "", step_mount_attr },
  { 24, ANY, "umount", "ti", "", step_umount },
  { 25, C, "pivot-root", "t", "", step_pivot_root },
  { 26, ANY, "mask", "ft", "", step_mask },
  { 27, ANY, "read-only", "ft", "", step_read_only },
  { 28, ANY, "device", "ftt", "", step_device },
  { 29, ANY, "copy-up", "ftft", "", step_copy_up },
  { 30, P, "spawn", "ifffooo", "ift", step_spawn },
  { 31, ANY, "join", "fi", "", step_join },
  { 32, ANY, "unshare", "i", "", step_unshare },
  { 33, ANY, "handoff", "i", "", step_handoff },
  { 34, ANY, "run", "llbttito", "i", step_run },
  { 35, C, "gate", "f", "", step_gate },
  { 36, ANY, "signal", "ti", "", step_signal },
  { 37, ANY, "await-exit", "ti", "", step_await_exit },
  { 38, ANY, "kill-group", "li", "", step_kill_group },
  { 39, ANY, "remove-group", "ti", "", step_remove_group },
  { 40, ANY, "open-process", "too", "fi", step_open_process },
  { 41, P, "reconcile", "ttt", "", step_reconcile },
  { 42, ANY, "clone-mount", "tiiiifo", "f", step_clone_mount },
  { 43, ANY, "unlink-link", "tt", "", step_unlink_link },
  { 44, ANY, "device-program", "tb", "", step_device_program },
  { 45, C, "hostname", "t", "", step_hostname },
  { 46, C, "domainname", "t", "", step_domainname },
  { 47, C, "rlimit", "iii", "", step_rlimit },
  { 48, C, "umask", "i", "", step_umask },
  { 49, C, "chdir", "fti", "", step_chdir },
  { 50, ANY, "resolve-user", "ftloooo", "iitt", step_resolve_user },
  { 51, C, "credentials", "iit", "", step_credentials },
  { 52, C, "bounding", "i", "", step_bounding },
  { 53, C, "capabilities", "iiii", "", step_capabilities },
  { 54, C, "no-new-privileges", "", "", step_no_new_privileges },
  { 55, C, "seccomp", "bifb", "", step_seccomp },
  { 56, C, "parent-death-signal", "i", "", step_parent_death_signal },
  { 57, C, "stdio", "fff", "", step_stdio },
  { 58, ANY, "pty", "ftiioo", "ff", step_pty },
  { 59, C, "terminal", "fi", "", step_terminal },
  { 60, C, "close-others", "i", "", step_close_others },
  { 61, C, "session-keyring", "t", "", step_session_keyring },
  { 62, C, "reset-signals", "", "", step_reset_signals },
  { 63, ANY, "netlink", "ib", "", step_netlink },
  { 64, C, "init", "i", "", step_init },
  { 65, C, "setsid", "", "", step_setsid },
  { 66, C, "exec", "llt", "", step_exec },
  { 67, C, "environment", "tti", "", step_environment },
  { 68, C, "chroot", "f", "", step_chroot },
  { 69, ANY, "stdio-owner", "fffii", "", step_stdio_owner },
  { 70, P, "detach", "", "", step_detach },
  { 71, P, "ready", "t", "", step_ready },
  { 72, P, "supervise", "fifffftiitttitttboo", "ii", step_supervise },
  { 73, ANY, "pipe", "oo", "ff", step_pipe },
  { 74, P, "print", "it", "", step_print },
  { 75, P, "exit-with", "i", "", step_exit_with },
  { 76, P, "perform", "t", "", step_perform },
  { 77, P, "attach", "ttio", "i", step_attach },
  { 78, P, "await-record", "ttto", "i", step_await_record },
  { 79, P, "protect", "", "", step_protect },
  { 80, P, "netlink-later", "ib", "", step_netlink_later },
  { 81, P, "socket", "iiibio", "f", step_socket },
  { 82, P, "netlink-else-run", "ibllbi", "", step_netlink_else_run },
  { 83, P, "forward", "l", "", step_forward },
  { 84, P, "resolve", "illft", "", step_resolve },
  { 85, P, "forget-flows", "bil", "", step_forget_flows },
  { 90, P, "listen", "to", "f", step_listen },
  { 91, P, "release", "t", "", step_release },
  { 92, ANY, "send-fd", "tbf", "", step_send_fd },
  { 93, P, "let-go", "", "", step_let_go },
  { 94, C, "look-up", "tlt", "", step_look_up },
  { 95, ANY, "signal-group", "ti", "", step_signal_group },
  { 96, C, "scheduler", "iiiiiii", "", step_scheduler },
  { 97, C, "io-priority", "i", "", step_io_priority },
  { 98, ANY, "affinity", "b", "", step_affinity },
  { 99, C, "memory-policy", "ib", "", step_memory_policy },
  { 100, C, "personality", "i", "", step_personality },
  { 101, ANY, "socket-pair", "oo", "ff", step_socket_pair },
  { 102, C, "keep-open", "f", "", step_keep_open },
  { 103, P, "criu", "fibfflttbboooo", "iftf", step_criu },
  { 110, P, "connect", "to", "f", step_connect },
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

const struct operation *operation_find(uint16_t number)
{
  for (size_t i = 0; i < OPERATIONS; i++)
    if (operations[i].number == number)
      return &operations[i];
  return NULL;
}

void operations_print(void)
{
  for (size_t i = 0; i < OPERATIONS; i++)
    printf("%u %s %s\n", operations[i].number, operations[i].name, operations[i].signature);
}
