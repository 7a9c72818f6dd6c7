// The one parallel primitive: the only file with `#pragma omp`.

#define _GNU_SOURCE
#include "kernels.h"

#if defined(_OPENMP)
#include "openmp.h"

#if defined(__linux__)
#include <sched.h>
#endif
#include <stdatomic.h>
#include <stdlib.h>

// A program may call from many threads at once, each of which would start a team of its own. Whoever does not get
// the flag runs its blocks alone, which nobody can see in the results.
static atomic_flag region_is_open = ATOMIC_FLAG_INIT;

// The runtime gives a thread that it first meets the affinity of the process: one that was bound to some processors
// must stay bound to them. And its idle workers spin for 200 ms, at the cost of the host program: 1 ms does, unless the
// user chose another time. Both belong to the thread that opens a region.
static __attribute__((noinline)) void join_openmp(void) {
#if defined(__linux__)
  cpu_set_t set;
  int known = sched_getaffinity(0, sizeof set, &set) == 0;
  (void)omp_get_max_threads();
  if (known)
    sched_setaffinity(0, sizeof set, &set);
#endif
  if (kmp_set_blocktime && !getenv("KMP_BLOCKTIME") && !getenv("OMP_WAIT_POLICY"))
    kmp_set_blocktime(1);
}

void lk_join_openmp(void) {
  static _Thread_local int joined;
  if (!joined)
    join_openmp();
  joined = 1;
}
#endif

int32_t lk_for_blocks(int64_t blocks, int32_t threads, void (*body)(void *context, int64_t block), void *context) {
#if defined(_OPENMP)
  if (blocks < threads)
    threads = (int32_t)blocks;
  if (threads > 1 && !atomic_flag_test_and_set_explicit(&region_is_open, memory_order_acquire)) {
    lk_join_openmp();
    int32_t used = 1;
#pragma omp parallel num_threads(threads) default(none) shared(blocks, body, context, used)
    {
#pragma omp for schedule(static) nowait
      for (int64_t block = 0; block < blocks; ++block)
        body(context, block);
#pragma omp single
      used = omp_get_num_threads();
    }
    atomic_flag_clear_explicit(&region_is_open, memory_order_release);
    return used;
  }
#else
  (void)threads;
#endif
  for (int64_t block = 0; block < blocks; ++block)
    body(context, block);
  return 1;
}
