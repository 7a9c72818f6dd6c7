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
  // The factor of a mean must be known before the first derivative is written.
  if (rows->mean && (rows->gradient || rows->curvature)) {
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

// A block has as many rows as make up the elements of a block of samples.
static lk_cut cut_rows(const lk_rows *rows) {
  int64_t length = (rows->count + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS;
  int64_t least = rows->columns < LK_MIN_BLOCK ? LK_MIN_BLOCK / (rows->columns > 0 ? rows->columns : 1) : 1;
  length = length < least ? least : length;
  return (lk_cut){rows->count, length, (rows->count + length - 1) / length};
}

lk_status lk_divergence(const lk_divergence_call *call, lk_result *result) {
  const lk_rows *rows = &call->rows;
  *result = (lk_result){.threads = 1, .isa = rows->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  return lk_run_rows(rows, call, cut_rows(rows), 32.0 * (double)rows->count * (double)rows->columns,
                     kernels->divergence[rows->scalar], kernels->weights[rows->scalar], result);
}

lk_status lk_multilabel(const lk_multilabel_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->rows.isa};
  lk_status status = lk_check_terms(call->terms, call->term_count, call->rows.scalar, result);
  if (status != lk_ok)
    return status;
  const lk_kernels *kernels = lk_select(&result->isa);
  lk_multilabel_call run = *call;
  // A matrix without columns has no elements, however many rows it has.
  if (run.rows.columns == 0)
    run.rows.count = 0;
  // The share of a row in the denominator is its weight times this.
  double row_weight = (double)run.rows.columns, work = 0;
  if (run.class_weights) {
    row_weight = 0;
    for (int64_t c = 0; c < run.rows.columns; ++c)
      row_weight += lk_load(run.rows.scalar, run.class_weights, c);
  }
  for (int64_t t = 0; t < run.term_count; ++t)
    work += lk_work(run.terms[t].loss);
  // Powers of two scale the class weights to a sum near 1, without a trace in the bits: products of large weights might
  // overflow, those of small ones vanish.
  int exponent = 0;
  if (run.class_weights && row_weight > 0 && row_weight < __builtin_inf())
    __builtin_frexp(row_weight, &exponent);
  run.class_scale = __builtin_ldexp(1, -exponent);
  row_weight = __builtin_ldexp(row_weight, -exponent);
  if (run.rows.mean)
    run.rows.scale = row_weight == 0 ? 0 : run.rows.scale / row_weight;
  else
    run.rows.scale = __builtin_ldexp(run.rows.scale, exponent);
  status = lk_run_rows(&run.rows, &run, cut_rows(&run.rows), work * (double)run.rows.count * (double)run.rows.columns,
                       kernels->multilabel[run.rows.scalar], kernels->weights[run.rows.scalar], result);
  result->weight *= row_weight;
  // Both stay as they are, a fraction of the same value, where they would be too large.
  double value = __builtin_ldexp(result->value, exponent), weight = __builtin_ldexp(result->weight, exponent);
  if (!run.rows.mean || (value - value == 0 && weight < __builtin_inf() && weight > 0)) {
    result->value = value;
    result->weight = weight;
  }
  return status;
}
