// Chooses the loops and runs them on one thread or on several, each with one block.

#include "loops.h"

static const cr_loops *best_loops(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return &cr_loops_avx512;
  if (__builtin_cpu_supports("avx2"))
    return &cr_loops_avx2;
#endif
  return &cr_loops_baseline;
}

// Where a block begins: a whole number of cache lines from the start of the array.
static int64_t block_begin(int64_t words, int32_t block, int32_t blocks) {
  return block == blocks ? words : words / blocks * block & -(int64_t)16;
}

void cr_xor(const void *first, const void *second, void *to, int64_t words, cr_store store, int32_t threads) {
  const cr_loops *loops = best_loops();
  const cr_word *a = first, *b = second;
  cr_word *c = to;
  if (threads <= 1) {
    loops->xor_to[store](a, b, c, words);
    return;
  }
#if defined(_OPENMP)
#pragma omp parallel for num_threads(threads) schedule(static)
#endif
  for (int32_t block = 0; block < threads; ++block) {
    int64_t begin = block_begin(words, block, threads), end = block_begin(words, block + 1, threads);
    loops->xor_to[store](a + begin, b + begin, c + begin, end - begin);
  }
}

void cr_update(void *to, const void *gradient, void *first, void *second, int64_t words, int32_t threads) {
  const cr_loops *loops = best_loops();
  cr_word *w = to, *a = first, *b = second;
  const cr_word *g = gradient;
  if (threads <= 1) {
    loops->update(w, g, a, b, words);
    return;
  }
#if defined(_OPENMP)
#pragma omp parallel for num_threads(threads) schedule(static)
#endif
  for (int32_t block = 0; block < threads; ++block) {
    int64_t begin = block_begin(words, block, threads), end = block_begin(words, block + 1, threads);
    loops->update(w + begin, g + begin, a + begin, b ? b + begin : 0, end - begin);
  }
}

uint32_t cr_sum(const void *array, int64_t words, int32_t threads) {
  const cr_loops *loops = best_loops();
  const cr_word *a = array;
  if (threads <= 1)
    return loops->sum(a, words);
  uint32_t total = 0;
#if defined(_OPENMP)
#pragma omp parallel for num_threads(threads) schedule(static) reduction(+ : total)
#endif
  for (int32_t block = 0; block < threads; ++block) {
    int64_t begin = block_begin(words, block, threads), end = block_begin(words, block + 1, threads);
    total += loops->sum(a + begin, end - begin);
  }
  return total;
}

const char *cr_instruction_set(void) { return best_loops()->name; }
