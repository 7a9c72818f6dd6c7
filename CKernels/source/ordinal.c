// lk_ordinal.

#include "kernels.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  const lk_ordinal_call *call;
  lk_ordinal_block body;
  double factor; // NaN: only the weights are wanted
  int64_t together;
  double *slopes; // one vector for the blocks that run together, or null
  int64_t slope_count;
} lk_run;

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  double *slopes = run->slopes ? run->slopes + block / run->together * run->slope_count : 0;
  run->body(run->call, run->factor, begin, end, slopes, partial);
}

static void store_slope(const lk_run *run, int64_t k, double slope) {
  void *to = run->call->threshold_gradient;
  if (run->call->scalar == lk_scalar_float)
    ((float *)to)[k] = (float)(run->call->accumulate ? (double)((float *)to)[k] + slope : slope);
  else
    ((double *)to)[k] = run->call->accumulate ? ((double *)to)[k] + slope : slope;
}

// How many blocks share one vector of slopes, so that these stay under 64 MiB, unless one alone is larger.
static int64_t count_together(int64_t blocks, int64_t slope_count) {
  int64_t most = LK_MAX_VECTOR_BLOCKS;
  while (most > 1 && slope_count > ((int64_t)8 << 20) / most)
    most /= 2;
  return blocks > most ? (blocks + most - 1) / most : 1;
}

lk_status lk_ordinal(const lk_ordinal_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_cut cut = lk_cut_samples(call->rows);
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(call->threads, 16 * (double)call->rows) : 1;
  lk_run run = {.call = call, .body = lk_select(&result->isa)->ordinal[call->scalar], .factor = NAN};
  // The factor of a mean must be known before the first gradient is written.
  double factor = call->scale;
  if (call->mean && (call->gradient || call->curvature || call->threshold_gradient)) {
    lk_status status = lk_run_blocks(&cut, threads, run_block, &run, result);
    if (status != lk_ok)
      return status;
    factor = result->weight == 0 ? 0 : call->scale / result->weight;
  }
  double few[4096], *sums = few; // so many need no memory of the system
  int64_t vectors = 0;
  if (call->threshold_gradient) {
    run.slope_count = call->classes - 1;
    cut.together = run.together = count_together(cut.blocks, run.slope_count);
    vectors = (cut.blocks + cut.together - 1) / cut.together;
    int64_t size = run.slope_count * (vectors < 1 ? 1 : vectors);
    if (size > (int64_t)(sizeof few / sizeof *few))
      sums = malloc((size_t)size * sizeof *sums);
    if (!sums)
      return lk_out_of_memory;
    memset(sums, 0, (size_t)size * sizeof *sums);
    run.slopes = sums;
  }
  run.factor = factor;
  lk_status status = lk_run_blocks(&cut, threads, run_block, &run, result);
  for (int64_t k = 0; status == lk_ok && k < run.slope_count; ++k) {
    double slope = 0;
    for (int64_t v = 0; v < vectors; ++v)
      slope += sums[v * run.slope_count + k];
    store_slope(&run, k, factor * slope);
  }
  if (sums != few)
    free(sums);
  return status;
}
