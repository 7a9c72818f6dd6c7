// What the entry points for rows of predictions share: blocks of rows are run, their results combined in index order.

#include "kernels.h"

typedef struct {
  const lk_rows *rows;
  const void *call;
  lk_cut cut;
  double factor; // of the gradient
  lk_row_block body;
  lk_weight_block weights;
  lk_partial partials[LK_MAX_BLOCKS];
} lk_run;

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  run->body(run->call, run->factor, block * run->cut.length, lk_block_end(&run->cut, block), &run->partials[block]);
}

static void run_weight_block(void *context, int64_t block) {
  lk_run *run = context;
  run->weights(run->rows->weights, block * run->cut.length, lk_block_end(&run->cut, block), &run->partials[block]);
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

lk_status lk_run_rows(const lk_rows *rows, const void *call, lk_cut cut, double work, lk_row_block body,
                      lk_weight_block weights, lk_result *result) {
  lk_run run;
  run.rows = rows;
  run.call = call;
  run.cut = cut;
  run.factor = rows->scale;
  run.body = body;
  run.weights = weights;
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(rows->threads, work) : 1;
  // The factor of a mean must be known before the first gradient is written.
  if (rows->mean && rows->gradient) {
    double weight = (double)rows->count;
    if (rows->weights) {
      lk_status status = run_all(&run, threads, run_weight_block, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.factor = weight == 0 ? 0 : rows->scale / weight;
  }
  return run_all(&run, threads, run_block, result);
}

lk_status lk_distribution(const lk_distribution_call *call, lk_result *result) {
  const lk_rows *rows = &call->rows;
  *result = (lk_result){.threads = 1, .isa = rows->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  double each = call->loss == lk_distribution_quantiles ? 2.0 * (double)rows->columns : 12;
  return lk_run_rows(rows, call, lk_cut_samples(rows->count), each * (double)rows->count,
                     kernels->distribution[rows->scalar], kernels->weights[rows->scalar], result);
}

lk_status lk_divergence(const lk_divergence_call *call, lk_result *result) {
  const lk_rows *rows = &call->rows;
  *result = (lk_result){.threads = 1, .isa = rows->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  // A block has as many rows as make up the elements of a block of samples.
  int64_t length = (rows->count + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS;
  int64_t least = rows->columns < LK_MIN_BLOCK ? LK_MIN_BLOCK / (rows->columns > 0 ? rows->columns : 1) : 1;
  length = length < least ? least : length;
  lk_cut cut = {rows->count, length, (rows->count + length - 1) / length};
  return lk_run_rows(rows, call, cut, 32.0 * (double)rows->count * (double)rows->columns,
                     kernels->divergence[rows->scalar], kernels->weights[rows->scalar], result);
}
