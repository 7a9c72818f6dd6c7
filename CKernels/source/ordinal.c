// lk_ordinal: cuts the rows into blocks, runs them and combines their results.

#include "kernels.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  const lk_ordinal_call *call;
  lk_ordinal_block body;
  lk_cut cut;
  double factor;
  double *slopes; // blocks × slope_count, or null
  int64_t slope_count;
  lk_partial partials[LK_MAX_BLOCKS];
} lk_run;

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  run->body(run->call, run->factor, block * run->cut.length, lk_block_end(&run->cut, block),
            run->slopes ? run->slopes + block * run->slope_count : 0, &run->partials[block]);
}

static lk_status run_all(lk_run *run, double factor, lk_result *result) {
  run->factor = factor;
  for (int64_t b = 0; b < run->cut.blocks; ++b)
    run->partials[b] = (lk_partial){.status = lk_ok};
  int32_t threads = run->cut.blocks > 1 ? lk_choose_threads(run->call->threads, 16 * (double)run->call->rows) : 1;
  result->threads = lk_for_blocks(run->cut.blocks, threads, run_block, run);
  result->value = result->weight = 0;
  for (int64_t b = 0; b < run->cut.blocks; ++b) {
    const lk_partial *partial = &run->partials[b];
    if (partial->status != lk_ok) {
      result->bad_index = partial->bad_index;
      return partial->status;
    }
    result->value += partial->value;
    result->weight += partial->weight;
  }
  return lk_ok;
}

static void store_slope(const lk_run *run, int64_t k, double slope) {
  void *to = run->call->threshold_gradient;
  if (run->call->scalar == lk_scalar_float)
    ((float *)to)[k] = (float)(run->call->accumulate ? (double)((float *)to)[k] + slope : slope);
  else
    ((double *)to)[k] = run->call->accumulate ? ((double *)to)[k] + slope : slope;
}

lk_status lk_ordinal(const lk_ordinal_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run = {.call = call, .cut = lk_cut_samples(call->rows)};
  run.body = lk_select(&result->isa)->ordinal[call->scalar];
  // The factor of a mean must be known before the first gradient is written.
  double factor = call->scale;
  if (call->mean && (call->gradient || call->curvature || call->threshold_gradient)) {
    lk_status status = run_all(&run, NAN, result);
    if (status != lk_ok)
      return status;
    factor = result->weight == 0 ? 0 : call->scale / result->weight;
  }
  double few[4096], *sums = few; // so many need no memory of the system
  if (call->threshold_gradient) {
    run.slope_count = call->classes - 1;
    int64_t size = run.slope_count * (run.cut.blocks < 1 ? 1 : run.cut.blocks);
    if (size > (int64_t)(sizeof few / sizeof *few))
      sums = malloc((size_t)size * sizeof *sums);
    if (!sums)
      return lk_out_of_memory;
    memset(sums, 0, (size_t)size * sizeof *sums);
    run.slopes = sums;
  }
  lk_status status = run_all(&run, factor, result);
  for (int64_t k = 0; status == lk_ok && k < run.slope_count; ++k) {
    double slope = 0;
    for (int64_t b = 0; b < run.cut.blocks; ++b)
      slope += sums[b * run.slope_count + k];
    store_slope(&run, k, factor * slope);
  }
  if (sums != few)
    free(sums);
  return status;
}
