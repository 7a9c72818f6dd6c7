// The one parallel primitive: the only file with `#pragma omp`.

#include "kernels.h"

#if defined(_OPENMP)
#include "openmp.h"

#include <stdatomic.h>
#include <stdlib.h>

// A program may call from many threads at once, each of which would start a team of its own. Whoever does not get
// the flag runs its blocks alone, which nobody can see in the results.
static atomic_flag region_is_open = ATOMIC_FLAG_INIT;

// Idle workers of LLVM's runtime spin for 200 ms by default, at the cost of the host program. The setting belongs to
// the thread that opens the region; a user who chose one keeps it.
static __attribute__((noinline)) void shorten_spinning(void) {
  static _Thread_local int done;
  if (done)
    return;
  done = 1;
  if (kmp_set_blocktime && !getenv("KMP_BLOCKTIME") && !getenv("OMP_WAIT_POLICY"))
    kmp_set_blocktime(1);
}
#endif

int32_t lk_for_blocks(int64_t blocks, int32_t threads, void (*body)(void *context, int64_t block), void *context) {
#if defined(_OPENMP)
  if (blocks < threads)
    threads = (int32_t)blocks;
  if (threads > 1 && !atomic_flag_test_and_set_explicit(&region_is_open, memory_order_acquire)) {
    shorten_spinning();
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
