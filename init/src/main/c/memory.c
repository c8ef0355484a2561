/* Memory while we only wait. Our code and constants can be read again from the page cache, so while we wait they need not be mapped. The wait
   itself is done from a page of code that is a mapping of its own: else the kernel would map everything around it again. */
#include "step.h"

#include <elf.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { MAX_RANGES = 8, IDLE_MS = 500, IDLE_PAGE = 4096 };

struct range {
  uintptr_t start;
  size_t length;
};

static struct range ranges[MAX_RANGES];
static int range_count = -1;

#if defined(__x86_64__)
static inline __attribute__((always_inline)) long raw_syscall(long number, long a, long b, long c, long d)
{
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = 0;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
}
#elif defined(__aarch64__)
static inline __attribute__((always_inline)) long raw_syscall(long number, long a, long b, long c, long d)
{
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = 0;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
#endif

__attribute__((section(".text.idle"), aligned(IDLE_PAGE), noinline, no_stack_protector)) static long
wait_trimmed(long number, const void *a, long b)
{
  for (int i = 0; i < range_count; i++)
    raw_syscall(SYS_madvise, (long)ranges[i].start, (long)ranges[i].length, MADV_DONTNEED, 0);
  /* The fourth argument: the size of a signal set here, no signal set at all for ppoll. */
  return raw_syscall(number, (long)a, b, 0, number == SYS_rt_sigtimedwait ? _NSIG / 8 : 0);
}

/* The parts of our image that only the linker has written. */
static void find_ranges(void)
{
  const ElfW(Phdr) *header = (const void *)(uintptr_t)getauxval(AT_PHDR);
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  range_count = 0;
  for (unsigned long i = getauxval(AT_PHNUM); i > 0 && range_count < MAX_RANGES; i--, header++) {
    if (header->p_type != PT_LOAD || (header->p_flags & PF_W) != 0)
      continue;
    uintptr_t start = header->p_vaddr & ~(page - 1), end = (header->p_vaddr + header->p_memsz + page - 1) & ~(page - 1);
    ranges[range_count++] = (struct range){ .start = start, .length = end - start };
  }
  /* Advice that differs from its neighbours' makes a page a mapping of its own. */
  madvise((void *)((uintptr_t)wait_trimmed & ~(page - 1)), page, MADV_RANDOM);
}

void trim_memory(void)
{
  if (range_count < 0)
    find_ranges();
  malloc_trim(0);
  for (int i = 0; i < range_count; i++)
    madvise((void *)ranges[i].start, ranges[i].length, MADV_DONTNEED);
}

int idle_poll(struct pollfd *fds, nfds_t count)
{
  int ready = poll(fds, count, IDLE_MS);
  if (ready != 0)
    return ready;
  trim_memory();
  long result = wait_trimmed(SYS_ppoll, fds, (long)count);
  return result < 0 ? -1 : (int)result;
}

int idle_signal(const sigset_t *set)
{
  trim_memory();
  return (int)wait_trimmed(SYS_rt_sigtimedwait, set, 0);
}
