// lk_linear, lk_linear_classes and lk_gram: cut the rows into blocks with a partial gradient each, run them and combine
// in index order.

#include "kernels.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
  lk_cut cut;
  int64_t size; // doubles in one partial, the slopes last
  int64_t gradient_size;
  double *workspace;
  const lk_linear_call *linear;
  const lk_linear_classes_call *classes;
  const lk_gram_call *gram;
  const lk_kernels *kernels;
} lk_run;

// The workspace stays under 64 MiB however wide the rows are, unless one partial alone is larger.
static int prepare(lk_run *run, int64_t rows, int64_t size) {
  int64_t most = LK_MAX_VECTOR_BLOCKS;
  while (most > 1 && size > ((int64_t)8 << 20) / most)
    most /= 2;
  int64_t length = (rows + most - 1) / most;
  length = length < 256 ? 256 : (length + 3) & -(int64_t)4;
  run->cut = (lk_cut){.count = rows, .length = length, .blocks = rows == 0 ? 0 : (rows + length - 1) / length};
  run->size = size;
  run->workspace = 0;
  if (size == 0 || run->cut.blocks == 0)
    return 1;
  run->workspace = calloc((size_t)run->cut.blocks, (size_t)size * sizeof(double));
  return run->workspace != 0;
}

static void linear_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  double *gradient = run->workspace ? run->workspace + block * run->size : 0;
  double *slopes = run->linear->slopes ? gradient + run->gradient_size : 0;
  run->kernels->linear[run->linear->scalar](run->linear, begin, end, run->linear->gradient ? gradient : 0, slopes,
                                            partial);
}

static void linear_classes_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  double *gradient = run->workspace + block * run->size;
  run->kernels->linear_classes[run->classes->scalar](run->classes, begin, end, run->classes->gradient ? gradient : 0,
                                                     gradient + run->gradient_size, partial);
}

static void gram_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)partial;
  run->kernels->gram[run->gram->scalar](run->gram, begin, end, run->workspace + block * run->size);
}

// total = the sum over the blocks of `size` numbers that begin at `offset` of each partial; nothing where it is null.
static void combine(const lk_run *run, int64_t offset, int64_t size, double *total) {
  if (!total)
    return;
  memset(total, 0, (size_t)size * sizeof(double));
  for (int64_t b = 0; b < run->cut.blocks; ++b)
    for (int64_t j = 0; j < size; ++j)
      total[j] += run->workspace[b * run->size + offset + j];
}

lk_status lk_linear(const lk_linear_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_status status = lk_check_terms(call->terms, call->term_count, call->scalar, result);
  if (status != lk_ok)
    return status;
  lk_run run = {
      .linear = call,
      .kernels = lk_select(&result->isa),
      .gradient_size = call->gradient ? call->columns + 1 : 0,
  };
  int64_t slope_count = call->slopes ? call->term_count * LK_TERM_SLOTS : 0;
  if (!prepare(&run, call->rows, run.gradient_size + slope_count))
    return lk_out_of_memory;
  int32_t threads = lk_choose_threads(call->threads, (double)call->rows * (double)(call->columns + 8));
  status = lk_run_blocks(&run.cut, threads, linear_block, &run, result);
  if (status == lk_ok) {
    combine(&run, 0, run.gradient_size, call->gradient);
    combine(&run, run.gradient_size, slope_count, call->slopes);
    if (call->slopes)
      lk_finish_slopes(call->terms, call->term_count, 1, call->slopes);
  }
  free(run.workspace);
  return status;
}

lk_status lk_linear_classes(const lk_linear_classes_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  if (call->loss) {
    lk_status status = lk_check_categorical(call->loss, result);
    if (status != lk_ok)
      return status;
  }
  lk_run run = {
      .classes = call,
      .kernels = lk_select(&result->isa),
      .gradient_size = call->gradient ? call->classes * (call->columns + 1) : 0,
  };
  int64_t scratch = 2 * call->classes * lk_class_rows(call->columns, call->classes);
  if (!prepare(&run, call->rows, run.gradient_size + scratch))
    return lk_out_of_memory;
  double work = (double)call->rows * (double)call->classes * (double)(call->columns + 8);
  lk_status status =
      lk_run_blocks(&run.cut, lk_choose_threads(call->threads, work), linear_classes_block, &run, result);
  if (status == lk_ok)
    combine(&run, 0, run.gradient_size, call->gradient);
  free(run.workspace);
  return status;
}

lk_status lk_gram(const lk_gram_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run = {.gram = call, .kernels = lk_select(&result->isa)};
  if (!prepare(&run, call->rows, call->columns * call->columns))
    return lk_out_of_memory;
  double columns = (double)call->columns;
  int32_t threads = lk_choose_threads(call->threads, (double)call->rows * columns * columns / 2);
  lk_status status = lk_run_blocks(&run.cut, threads, gram_block, &run, result);
  combine(&run, 0, run.size, call->gram);
  free(run.workspace);
  return status;
}
