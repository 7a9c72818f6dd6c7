// lk_adafactor: passes over the matrix for the means of its squares, the size of the step, and the step.

#include "kernels.h"

#include <math.h>

typedef struct {
  lk_adafactor_plan plan;
  lk_adafactor_block body;
} lk_run;

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->body(&run->plan, begin, end, partial);
}

// Blocks of whole rows, or of whole tiles of columns, of at least LK_MIN_BLOCK parameters.
static lk_cut cut_lines(int64_t count, int64_t length, int64_t whole, int64_t most) {
  int64_t least = LK_MIN_BLOCK / (length > 0 ? length : 1), size = (count + most - 1) / most;
  size = size < least ? least : size;
  size = size < 1 ? 1 : (size + whole - 1) / whole * whole;
  return (lk_cut){.count = count, .length = size, .blocks = (count + size - 1) / size};
}

// Means of columns that are too few to be shared among threads by themselves.
static void run_narrow_columns(lk_run *run, int32_t threads, lk_result *result) {
  enum { most = 16 };
  double sums[most * LK_TILE];
  const lk_adafactor_call *call = run->plan.call;
  lk_cut rows = cut_lines(call->rows, call->columns, 1, most), once = {.count = 1, .length = 1, .blocks = 1};
  run->plan.sums = sums;
  run->plan.height = rows.length;
  run->plan.heights = rows.blocks;
  run->plan.pass = lk_pass_column_sums;
  lk_run_blocks(&rows, threads, run_block, run, result);
  run->plan.pass = lk_pass_added_sums;
  lk_run_blocks(&once, 1, run_block, run, result);
}

void lk_adafactor(const lk_adafactor_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run = {.plan = {.call = call, .row_scale = 1}};
  run.body = lk_select(&result->isa)->adafactor[call->scalar];
  int is_matrix = call->row_means != 0;
  double count = (double)call->rows * (double)call->columns;
  lk_cut columns = cut_lines(call->columns, call->rows, LK_TILE, LK_MAX_BLOCKS);
  lk_cut rows = is_matrix ? cut_lines(call->rows, call->columns, 1, LK_MAX_BLOCKS) : columns;
  int32_t threads = lk_choose_threads(call->threads, 2 * count);

  lk_square_sum_call parameters = {.scalar = call->scalar,
                                   .count = call->rows * call->columns,
                                   .vector = call->parameters,
                                   .scale = 1,
                                   .threads = call->threads,
                                   .isa = call->isa};
  lk_result sum;
  lk_square_sum(&parameters, &sum);
  double root = sqrt(sum.value / count);

  if (is_matrix && call->columns <= LK_TILE) {
    run_narrow_columns(&run, threads, result);
  } else {
    run.plan.pass = lk_pass_columns;
    lk_run_blocks(&columns, threads, run_block, &run, result);
  }
  if (is_matrix) {
    run.plan.pass = lk_pass_rows;
    lk_run_blocks(&rows, threads, run_block, &run, result);
    double mean = 0;
    for (int64_t row = 0; row < call->rows; ++row)
      mean += lk_load(call->scalar, call->row_means, row);
    mean /= (double)call->rows;
    run.plan.row_scale = 1 / (mean < call->epsilon ? call->epsilon : mean);
  }
  run.plan.pass = lk_pass_size;
  lk_run_blocks(&rows, threads, run_block, &run, result);
  double size = sqrt(result->value / count) / call->threshold;
  run.plan.length = call->rate * (root < call->least ? call->least : root) / (size > 1 ? size : 1);
  run.plan.pass = lk_pass_step;
  lk_run_blocks(&rows, threads, run_block, &run, result);
}
