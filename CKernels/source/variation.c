// lk_variation, and lk_denoise, its proximal operator.

#include "kernels.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  const lk_coupling_call *call;
  lk_cut cut;
  double values[LK_MAX_BLOCKS];
} lk_run;

// ±1, and x itself where that is 0 or NaN.
static inline double sign(double x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

// Equal numbers do not differ, infinite ones neither.
LK_INLINE double jump(lk_scalar scalar, const void *x, int64_t i) {
  double here = lk_load(scalar, x, i), next = lk_load(scalar, x, i + 1);
  return here == next ? 0 : fabs(next - here);
}

enum { lanes = 8 };

// Jump i is added to lane i mod 8, as a vectorized loop does.
LK_INLINE double sum_jumps(lk_scalar scalar, const void *x, int64_t begin, int64_t end) {
  double sums[lanes] = {0};
  int64_t i = begin;
  for (; i + lanes <= end; i += lanes)
    for (int64_t j = 0; j < lanes; ++j)
      sums[j] += jump(scalar, x, i + j);
  for (int64_t j = 0; i + j < end; ++j)
    sums[j] += jump(scalar, x, i + j);
  return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

// A run of equal numbers is pulled by its neighbours alone, and the pull spreads evenly over it. A run belongs to the
// block in which it begins.
LK_INLINE void add_pulls(lk_scalar scalar, const lk_coupling_call *call, int64_t i, int64_t end) {
  const void *x = call->point;
  double pull = 0;
  if (i > 0) {
    while (i < end && lk_load(scalar, x, i) == lk_load(scalar, x, i - 1))
      ++i;
    if (i == end)
      return;
    pull = sign(lk_load(scalar, x, i) - lk_load(scalar, x, i - 1));
  }
  while (i < end) {
    double level = lk_load(scalar, x, i);
    int64_t next = i + 1;
    while (next < call->count && lk_load(scalar, x, next) == level)
      ++next;
    double onward = next < call->count ? sign(lk_load(scalar, x, next) - level) : 0;
    double share = call->factor * (pull - onward) / (double)(next - i);
    for (; i < next; ++i)
      call->gradient[i] += share;
    pull = onward;
  }
}

LK_INLINE void evaluate(lk_scalar scalar, lk_run *run, int64_t block) {
  const lk_coupling_call *call = run->call;
  int64_t begin = block * run->cut.length, end = lk_block_end(&run->cut, block);
  run->values[block] = sum_jumps(scalar, call->point, begin, end < call->count ? end : call->count - 1);
  if (call->gradient)
    add_pulls(scalar, call, begin, end);
}

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  if (run->call->scalar == lk_scalar_double)
    evaluate(lk_scalar_double, run, block);
  else
    evaluate(lk_scalar_float, run, block);
}

lk_status lk_variation(const lk_coupling_call *call, lk_result *result) {
  *result = (lk_result){.threads = lk_choose_threads(call->threads, 4 * (double)call->count)};
  lk_run run = {.call = call, .cut = lk_cut_samples(call->count)};
  result->threads = lk_for_blocks(run.cut.blocks, result->threads, run_block, &run);
  for (int64_t b = 0; b < run.cut.blocks; ++b)
    result->value += run.values[b];
  result->value *= call->factor;
  return lk_ok;
}

typedef struct {
  double place, slope, offset;
} lk_knot;

static void fill(double *x, int64_t count, double value) {
  for (int64_t i = 0; i < count; ++i)
    x[i] = value;
}

// Dynamic programming in O(n) (Johnson 2013). The derivative of the least cost of the first k numbers, as a function of
// the last of them, is piecewise linear: slope·z + offset between knots, of which each has what changes there. Adding a
// term clips it to [−strength, strength], which only takes knots away at both ends. One number follows from the last:
// there is no parallel form.
static void denoise(double *x, int64_t count, double strength, lk_knot *knots, double *lower, double *upper) {
  // Around the mean sums stay small, and a strength beyond their range makes all equal.
  double mean = 0, sum = 0, range = 0;
  for (int64_t i = 0; i < count; ++i)
    mean += x[i] / (double)count;
  for (int64_t i = 0; i < count; ++i) {
    x[i] -= mean;
    sum += x[i];
    range = fabs(sum) <= range ? range : fabs(sum);
  }
  if (!isfinite(range) || strength >= range) {
    fill(x, count, isfinite(range) ? mean : NAN);
    return;
  }

  int64_t left = count - 1, right = count;
  knots[left] = (lk_knot){x[0] - strength, 1, -x[0] + strength};
  knots[right] = (lk_knot){x[0] + strength, -1, x[0] + strength};
  lower[0] = knots[left].place, upper[0] = knots[right].place;
  lk_knot first = {0, 1, -x[1] - strength}, last = {0, -1, x[1] - strength};
  for (int64_t k = 1; k < count - 1; ++k) {
    for (; left <= right && first.slope * knots[left].place + first.offset <= -strength; ++left) {
      first.slope += knots[left].slope;
      first.offset += knots[left].offset;
    }
    for (; right >= left && -last.slope * knots[right].place - last.offset >= strength; --right) {
      last.slope += knots[right].slope;
      last.offset += knots[right].offset;
    }
    lower[k] = (-strength - first.offset) / first.slope;
    upper[k] = (strength + last.offset) / -last.slope;
    knots[--left] = (lk_knot){lower[k], first.slope, first.offset + strength};
    knots[++right] = (lk_knot){upper[k], last.slope, last.offset + strength};
    first = (lk_knot){0, 1, -x[k + 1] - strength};
    last = (lk_knot){0, -1, x[k + 1] - strength};
  }
  for (; left <= right && first.slope * knots[left].place + first.offset <= 0; ++left) {
    first.slope += knots[left].slope;
    first.offset += knots[left].offset;
  }
  double z = -first.offset / first.slope;
  x[count - 1] = z + mean;
  for (int64_t k = count - 2; k >= 0; --k) {
    z = z < lower[k] ? lower[k] : z > upper[k] ? upper[k] : z;
    x[k] = z + mean;
  }
}

lk_status lk_denoise(double *x, int64_t count, double strength) {
  if (count < 2 || !(strength > 0))
    return lk_ok;
  lk_knot *knots = malloc((size_t)(2 * count) * sizeof *knots);
  double *lower = malloc((size_t)(2 * count) * sizeof *lower);
  lk_status status = knots && lower ? lk_ok : lk_out_of_memory;
  if (status == lk_ok)
    denoise(x, count, strength, knots, lower, lower + count);
  free(knots), free(lower);
  return status;
}
