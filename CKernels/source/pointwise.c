// lk_pointwise: cuts the samples into blocks, runs them and combines their results.

#include "kernels.h"

typedef struct {
  int64_t count, length, blocks;
} lk_cut;

static lk_cut cut(int64_t count) {
  int64_t length = (count + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS;
  length = length < LK_MIN_BLOCK ? LK_MIN_BLOCK : (length + LK_TILE - 1) & -(int64_t)LK_TILE;
  return (lk_cut){count, length, count == 0 ? 0 : (count + length - 1) / length};
}

typedef struct {
  lk_cut cut;
  lk_pointwise_plan plan;
  lk_pointwise_block pointwise;
  lk_weight_block weights;
  lk_partial *partials;
} lk_run;

static int64_t block_end(const lk_cut *cut, int64_t block) {
  return block + 1 == cut->blocks ? cut->count : (block + 1) * cut->length;
}

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  run->pointwise(&run->plan, block * run->cut.length, block_end(&run->cut, block), &run->partials[block]);
}

static void run_weight_block(void *context, int64_t block) {
  lk_run *run = context;
  run->weights(run->plan.call->weights, block * run->cut.length, block_end(&run->cut, block), &run->partials[block]);
}

static lk_status run_all(lk_run *run, int32_t threads, void (*body)(void *, int64_t), lk_result *result) {
  for (int64_t b = 0; b < run->cut.blocks; ++b)
    run->partials[b] = (lk_partial){.status = lk_ok};
  if (run->cut.blocks == 1) {
    body(run, 0);
  } else {
    int32_t used = lk_for_blocks(run->cut.blocks, threads, body, run);
    result->threads = used > result->threads ? used : result->threads;
  }
  double value = 0, weight = 0;
  for (int64_t b = 0; b < run->cut.blocks; ++b) {
    const lk_partial *partial = &run->partials[b];
    if (partial->status != lk_ok) {
      result->bad_index = partial->bad_index;
      return partial->status;
    }
    value += partial->value;
    weight += partial->weight;
  }
  result->value = value;
  result->weight = weight;
  return lk_ok;
}

static int32_t choose_threads(const lk_call *call) {
  double work = 0;
  for (int64_t t = 0; t < call->term_count; ++t)
    work += (double)call->count * (lk_is_heavy(call->terms[t].loss) ? 8 : 1);
  return lk_choose_threads(call->threads, work);
}

lk_status lk_pointwise(const lk_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_status status = lk_check_terms(call->terms, call->term_count, call->scalar, result);
  if (status != lk_ok)
    return status;
  const lk_kernels *kernels = lk_select(&result->isa);
  lk_partial partials[LK_MAX_BLOCKS];
  lk_run run = {
      .cut = cut(call->count),
      .plan = {.call = call, .factor = call->scale},
      .pointwise = kernels->pointwise[call->scalar],
      .weights = kernels->weights[call->scalar],
      .partials = partials,
  };
  int32_t threads = run.cut.blocks > 1 ? choose_threads(call) : 1;

  if (run.cut.blocks > 1) {
    int64_t outputs = (call->values != 0) + (call->gradient != 0) + (call->curvature != 0);
    int64_t bytes = outputs * call->count * (call->scalar == lk_scalar_float ? 4 : 8);
    run.plan.streaming = bytes > lk_get_machine()->last_level_cache;
  }

  // The factor of a mean must be known before the first gradient is written.
  if (call->mean && (call->gradient || call->curvature)) {
    double weight = (double)call->count;
    if (call->weights) {
      status = run_all(&run, threads, run_weight_block, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.plan.factor = weight == 0 ? 0 : call->scale / weight;
  }
  return run_all(&run, threads, run_block, result);
}

void lk_apply(lk_function function, lk_scalar scalar, lk_isa isa, const void *input, void *output, int64_t count) {
  lk_select(&isa)->apply[scalar](function, input, output, count);
}
