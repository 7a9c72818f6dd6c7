// lk_pointwise.

#include "kernels.h"

#include <stdlib.h>

typedef struct {
  lk_cut cut;
  lk_pointwise_plan plan;
  lk_pointwise_block pointwise;
  lk_weight_block weights;
  double *slopes; // blocks × slope_count, or null
  int64_t slope_count;
} lk_run;

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  run->pointwise(&run->plan, begin, end, run->slopes ? run->slopes + block * run->slope_count : 0, partial);
}

static void run_weight_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->weights(run->plan.call->weights, begin, end, partial);
}

static int32_t choose_threads(const lk_call *call) {
  double work = 0;
  for (int64_t t = 0; t < call->term_count; ++t)
    work += (double)call->count * lk_work(call->terms[t].loss);
  return lk_choose_threads(call->threads, work);
}

// With the derivatives by coefficients and parameters, for which every block has sums of its own.
static lk_status run_slopes(lk_run *run, int32_t threads, lk_result *result) {
  const lk_call *call = run->plan.call;
  double few[LK_MAX_BLOCKS * 4 * LK_TERM_SLOTS]; // four terms need no memory of the system
  int64_t count = call->term_count * LK_TERM_SLOTS, size = run->cut.blocks * count;
  double *sums = size <= (int64_t)(sizeof few / sizeof *few) ? few : malloc((size_t)size * sizeof *sums);
  if (!sums)
    return lk_out_of_memory;
  memset(sums, 0, (size_t)size * sizeof *sums);
  run->slopes = sums;
  run->slope_count = count;
  lk_status status = lk_run_blocks(&run->cut, threads, run_block, run, result);
  if (status == lk_ok) {
    memset(call->slopes, 0, (size_t)count * sizeof *sums);
    for (int64_t b = 0; b < run->cut.blocks; ++b)
      for (int64_t j = 0; j < count; ++j)
        call->slopes[j] += sums[b * count + j];
    double divisor = call->mean ? result->weight : 1;
    lk_finish_slopes(call->terms, call->term_count, divisor == 0 ? 0 : call->scale / divisor, call->slopes);
  }
  if (sums != few)
    free(sums);
  return status;
}

lk_status lk_pointwise(const lk_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_status status = lk_check_terms(call->terms, call->term_count, call->scalar, result);
  if (status != lk_ok)
    return status;
  const lk_kernels *kernels = lk_select(&result->isa);
  lk_run run = {
      .cut = lk_cut_samples(call->count),
      .plan = {.call = call, .factor = call->scale},
      .pointwise = kernels->pointwise[call->scalar],
      .weights = kernels->weights[call->scalar],
  };
  int32_t threads = run.cut.blocks > 1 ? choose_threads(call) : 1;

  if (run.cut.blocks > 1 && !call->slopes) {
    int64_t outputs = (call->values != 0) + (call->gradient != 0) + (call->curvature != 0);
    int64_t bytes = outputs * call->count * (call->scalar == lk_scalar_float ? 4 : 8);
    run.plan.streaming = bytes > lk_get_machine()->last_level_cache;
  }

  // The factor of a mean must be known before the first gradient is written.
  if (call->mean && (call->gradient || call->curvature)) {
    double weight = (double)call->count;
    if (call->weights) {
      status = lk_run_blocks(&run.cut, threads, run_weight_block, &run, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.plan.factor = weight == 0 ? 0 : call->scale / weight;
  }
  return call->slopes ? run_slopes(&run, threads, result) : lk_run_blocks(&run.cut, threads, run_block, &run, result);
}

void lk_operate(lk_operation operation, lk_scalar scalar, lk_isa isa, const void *const operands[4], void *output,
                int64_t count) {
  lk_select(&isa)->operate[scalar](operation, operands, output, count);
}
