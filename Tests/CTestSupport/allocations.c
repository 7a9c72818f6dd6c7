#include "CTestSupport.h"

#include <errno.h>
#include <stddef.h>
#include <features.h>

#if defined(__GLIBC__)

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static _Thread_local int64_t count;

void *malloc(size_t size) {
  ++count;
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  ++count;
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  ++count;
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  ++count;
  return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) {
  ++count;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  ++count;
  void *result = __libc_memalign(alignment, size);
  if (!result)
    return ENOMEM;
  *memory = result;
  return 0;
}

int test_counts_allocations(void) { return 1; }
int64_t test_allocation_count(void) { return count; }

#else

int test_counts_allocations(void) { return 0; }
int64_t test_allocation_count(void) { return 0; }

#endif
