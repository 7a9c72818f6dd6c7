// lk_orthogonality: ‖WᵀW − I‖² and its gradient 2W(WᵀW − I).
//
// ‖WᵀW − I‖² = ‖WWᵀ − I‖² + columns − rows, and W(WᵀW − I) = (WWᵀ − I)W: the smaller product does for both, of W or of
// its transpose. O(n · min(rows, columns)) time.

#include "kernels.h"

#include <stdlib.h>

typedef struct {
  const lk_coupling_call *call;
  const lk_kernels *kernels;
  const void *tall; // rows × size, size ≤ rows
  int64_t rows, size;
  double *excess;   // the product of its transpose with it, minus I
  double *gradient; // of its shape
} lk_run;

enum { rows_of_a_block = 64 };

static void product_block(void *context, int64_t block) {
  lk_run *run = context;
  int64_t begin = block * rows_of_a_block, end = begin + rows_of_a_block;
  run->kernels->product[run->call->scalar](run->tall, run->excess, run->size, 2 * run->call->factor, run->gradient,
                                           begin, end < run->rows ? end : run->rows);
}

LK_INLINE void transpose(const char *from, char *to, int64_t rows, int64_t columns, size_t size) {
  enum { side = 16 };
  for (int64_t i = 0; i < rows; i += side)
    for (int64_t j = 0; j < columns; j += side)
      for (int64_t r = i; r < i + side && r < rows; ++r)
        for (int64_t c = j; c < j + side && c < columns; ++c)
          memcpy(to + (size_t)(c * rows + r) * size, from + (size_t)(r * columns + c) * size, size);
}

static void transpose_scalars(lk_scalar scalar, const void *from, void *to, int64_t rows, int64_t columns) {
  if (scalar == lk_scalar_double)
    transpose(from, to, rows, columns, sizeof(double));
  else
    transpose(from, to, rows, columns, sizeof(float));
}

static double finish_excess(double *excess, int64_t size) {
  double sum = 0;
  for (int64_t i = 0; i < size; ++i) {
    for (int64_t j = 0; j < i; ++j) {
      double x = excess[i * size + j];
      excess[j * size + i] = x;
      sum += 2 * (x * x);
    }
    double x = excess[i * size + i] -= 1;
    sum += x * x;
  }
  return sum;
}

static lk_status evaluate(lk_run *run, int64_t columns, lk_result *result) {
  const lk_coupling_call *call = run->call;
  lk_gram_call gram = {
      .scalar = call->scalar,
      .rows = run->rows,
      .columns = run->size,
      .features = run->tall,
      .gram = run->excess,
      .threads = call->threads,
      .isa = call->isa,
  };
  lk_status status = lk_gram(&gram, result);
  if (status != lk_ok)
    return status;
  double missing = run->size < columns ? (double)(columns - run->size) : 0;
  result->value = 0.5 * call->factor * (finish_excess(run->excess, run->size) + missing);
  if (run->gradient) {
    double work = (double)call->count * (double)run->size;
    lk_for_blocks((run->rows + rows_of_a_block - 1) / rows_of_a_block, lk_choose_threads(call->threads, work),
                  product_block, run);
  }
  return lk_ok;
}

lk_status lk_orthogonality(const lk_coupling_call *call, int64_t columns, lk_result *result) {
  int64_t rows = call->count / columns;
  int wide = rows < columns;
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run = {
      .call = call,
      .kernels = lk_select(&result->isa),
      .tall = call->point,
      .rows = wide ? columns : rows,
      .size = wide ? rows : columns,
      .gradient = call->gradient,
  };
  size_t scalar_size = call->scalar == lk_scalar_double ? sizeof(double) : sizeof(float);
  run.excess = malloc((size_t)(run.size * run.size) * sizeof *run.excess);
  void *transposed = wide ? malloc((size_t)call->count * scalar_size) : 0;
  double *gradient = wide && call->gradient ? calloc((size_t)call->count, sizeof *gradient) : 0;
  lk_status status = lk_out_of_memory;
  if (run.excess && (transposed || !wide) && (gradient || !wide || !call->gradient)) {
    if (wide) {
      transpose_scalars(call->scalar, call->point, transposed, rows, columns);
      run.tall = transposed;
      run.gradient = gradient;
    }
    status = evaluate(&run, columns, result);
    for (int64_t i = 0; i < columns && gradient && status == lk_ok; ++i)
      for (int64_t j = 0; j < rows; ++j)
        call->gradient[j * columns + i] += gradient[i * rows + j];
  }
  free(run.excess), free(transposed), free(gradient);
  return status;
}
