// The entry points for rows of predictions.

#include "kernels.h"

typedef struct {
  const lk_rows *rows;
  const void *call;
  double factor; // of the derivatives
  lk_row_block body;
  lk_weight_block weights;
} lk_run;

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->body(run->call, run->factor, begin, end, partial);
}

static void run_weight_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->weights(run->rows->weights, begin, end, partial);
}

static lk_status run_rows(const lk_rows *rows, const void *call, lk_cut cut, double work, lk_row_block body,
                          lk_weight_block weights, lk_result *result) {
  lk_run run = {rows, call, rows->scale, body, weights};
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(rows->threads, work) : 1;
  // The factor of a mean must be known before the first derivative is written.
  if (rows->mean && (rows->gradient || rows->curvature)) {
    double weight = (double)rows->count;
    if (rows->weights) {
      lk_status status = lk_run_blocks(&cut, threads, run_weight_block, &run, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.factor = weight == 0 ? 0 : rows->scale / weight;
  }
  return lk_run_blocks(&cut, threads, run_block, &run, result);
}

lk_status lk_distribution(const lk_distribution_call *call, lk_result *result) {
  const lk_rows *rows = &call->rows;
  *result = (lk_result){.threads = 1, .isa = rows->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  double each = call->loss == lk_distribution_quantiles ? 2.0 * (double)rows->columns : 12;
  return run_rows(rows, call, lk_cut_samples(rows->count), each * (double)rows->count,
                  kernels->distribution[rows->scalar], kernels->weights[rows->scalar], result);
}

// A block has as many rows as make up the elements of a block of samples.
static lk_cut cut_rows(const lk_rows *rows) {
  int64_t length = (rows->count + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS;
  int64_t least = rows->columns < LK_MIN_BLOCK ? LK_MIN_BLOCK / (rows->columns > 0 ? rows->columns : 1) : 1;
  length = length < least ? least : length;
  return (lk_cut){.count = rows->count, .length = length, .blocks = (rows->count + length - 1) / length};
}

lk_status lk_divergence(const lk_divergence_call *call, lk_result *result) {
  const lk_rows *rows = &call->rows;
  *result = (lk_result){.threads = 1, .isa = rows->isa};
  const lk_kernels *kernels = lk_select(&result->isa);
  return run_rows(rows, call, cut_rows(rows), 32.0 * (double)rows->count * (double)rows->columns,
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
  status = run_rows(&run.rows, &run, cut_rows(&run.rows), work * (double)run.rows.count * (double)run.rows.columns,
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
