// lk_distribution: cuts the rows into blocks, runs them and combines their results.

#include "kernels.h"

typedef struct {
  const lk_distribution_call *call;
  lk_cut cut;
  double factor; // of the gradient
  lk_distribution_block body;
  lk_weight_block weights;
  lk_partial partials[LK_MAX_BLOCKS];
} lk_run;

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  run->body(run->call, run->factor, block * run->cut.length, lk_block_end(&run->cut, block), &run->partials[block]);
}

static void run_weight_block(void *context, int64_t block) {
  lk_run *run = context;
  run->weights(run->call->weights, block * run->cut.length, lk_block_end(&run->cut, block), &run->partials[block]);
}

static lk_status run_all(lk_run *run, int32_t threads, void (*body)(void *, int64_t), lk_result *result) {
  for (int64_t b = 0; b < run->cut.blocks; ++b)
    run->partials[b] = (lk_partial){.status = lk_ok};
  int32_t used = lk_for_blocks(run->cut.blocks, threads, body, run);
  result->threads = used > result->threads ? used : result->threads;
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

lk_status lk_distribution(const lk_distribution_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  lk_run run;
  run.call = call;
  run.cut = lk_cut_samples(call->count);
  run.factor = call->scale;
  run.body = kernels->distribution[call->scalar];
  run.weights = kernels->weights[call->scalar];
  double work = (call->loss == lk_distribution_quantiles ? 2.0 * call->columns : 12) * (double)call->count;
  int32_t threads = run.cut.blocks > 1 ? lk_choose_threads(call->threads, work) : 1;
  // The factor of a mean must be known before the first gradient is written.
  if (call->mean && call->gradient) {
    double weight = (double)call->count;
    if (call->weights) {
      lk_status status = run_all(&run, threads, run_weight_block, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.factor = weight == 0 ? 0 : call->scale / weight;
  }
  return run_all(&run, threads, run_block, result);
}
