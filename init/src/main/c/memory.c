/* Memory while we only wait. */
#include "step.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

extern const char __executable_start, etext; /* the linker's */

void trim_memory(void)
{
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t start = (uintptr_t)&__executable_start & ~(page - 1);
  uintptr_t end = ((uintptr_t)&etext + page - 1) & ~(page - 1);
  malloc_trim(0);
  /* What is needed after all is read again from the page cache. */
  madvise((void *)start, end - start, MADV_DONTNEED);
}
