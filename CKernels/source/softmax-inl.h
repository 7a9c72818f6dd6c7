// Primitives of one row of numbers: its maximum, its exponentials, sums over it. Included once per scalar and
// instruction set, after pointwise-inl.h. Element k of a row goes to lane k mod LK_LANES of a sum.

// Loops over all lanes: the first one stays a loop, the second one keeps the lanes in registers, where vectors are
// long.
#define LK_ALL_LANES                                                                                                   \
  _Pragma("clang loop vectorize(enable) interleave_count(1) unroll(disable)") for (int j = 0; j < LK_LANES; ++j)
#if defined(LK_LONG_VECTORS)
#define LK_HOT_LANES LK_UNROLL for (int j = 0; j < LK_LANES; ++j)
#else
#define LK_HOT_LANES LK_ALL_LANES
#endif

#define LK_MINUS_INFINITY (-(LK_T)__builtin_inff())

// The greatest of n numbers, NaNs left out; −∞ where there is none. The order does not matter.
LK_APART LK_T LK(row_max)(const LK_T *x, int64_t n) {
  LK_T lanes[LK_LANES];
  LK_HOT_LANES lanes[j] = LK_MINUS_INFINITY;
  int64_t whole = n & -(int64_t)LK_LANES;
  for (int64_t i = 0; i < whole; i += LK_LANES) {
    LK_HOT_LANES lanes[j] = LK(max)(x[i + j], lanes[j]);
  }
  for (int64_t i = whole; i < n; ++i)
    lanes[i - whole] = LK(max)(x[i], lanes[i - whole]);
  for (int width = LK_LANES / 2; width > 0; width /= 2)
    for (int j = 0; j < width; ++j)
      lanes[j] = LK(max)(lanes[j + width], lanes[j]);
  return lanes[0];
}

// The index of the first element that is `value`; n where there is none.
LK_APART int64_t LK(row_find)(const LK_T *x, LK_T value, int64_t n) {
  int64_t i = 0;
  for (; i + 64 <= n; i += 64) {
    LK_INT found = 0;
    LK_LOOP for (int64_t j = 0; j < 64; ++j) found |= x[i + j] == value;
    if (found)
      break;
  }
  while (i < n && !(x[i] == value))
    ++i;
  return i;
}

// The number of elements above −∞; NaN is one of them.
LK_APART int64_t LK(row_count)(const LK_T *x, int64_t n) {
  int64_t count = 0;
  for (int64_t i = 0, length; i < n; i += length) {
    length = n - i < LK_TILE ? n - i : LK_TILE;
    LK_INT part = 0;
    LK_LOOP for (int64_t j = 0; j < length; ++j) part += x[i + j] != LK_MINUS_INFINITY;
    count += part;
  }
  return count;
}

// What will be read and written after this row: memory that is asked for meanwhile, so that it is not idle.
typedef struct {
  const LK_T *read, *write;
} LK(later);

LK_INLINE LK(later) LK(later_at)(LK(later) later, int64_t i) { return (LK(later)){later.read + i, later.write + i}; }

// exp(x − origin) of all lanes.
LK_INLINE void LK(exp_lanes)(const LK_T *x, LK_T origin, LK_T *e) { LK_HOT_LANES e[j] = LK(exp_near)(x[j] - origin); }

// Whole lanes of a row, of which two lots at a time are added before they are widened. `e` may be null or x itself.
LK_APART void LK(exp_groups)(const LK_T *x, LK_T origin, double *restrict lanes, LK_T *e, int64_t n, LK(later) later) {
  double sums[LK_LANES];
  LK_T y[2 * LK_LANES];
  LK_HOT_LANES sums[j] = lanes[j];
  int64_t i = 0;
  for (; i + 2 * LK_LANES <= n; i += 2 * LK_LANES) {
    for (int k = 0; k < 2 * LK_LANES; k += LK_LINE) {
      __builtin_prefetch(later.read + i + k);
      __builtin_prefetch(later.write + i + k, 1);
    }
    LK(exp_lanes)(x + i, origin, y);
    LK(exp_lanes)(x + i + LK_LANES, origin, y + LK_LANES);
    LK_HOT_LANES sums[j] += (double)(y[j] + y[LK_LANES + j]);
    if (e)
      __builtin_memcpy(e + i, y, sizeof y);
  }
  if (i < n) {
    LK(exp_lanes)(x + i, origin, y);
    LK_HOT_LANES sums[j] += (double)y[j];
    if (e)
      __builtin_memcpy(e + i, y, sizeof y / 2);
  }
  LK_HOT_LANES lanes[j] = sums[j];
}

// LK_LANES elements, of which those before `skip` and the one at `left_out` are not part of the sum.
LK_APART void LK(exp_part)(const LK_T *x, LK_T origin, double *restrict lanes, LK_T *e, int skip, int left_out) {
  _Alignas(64) LK_T y[LK_LANES];
  LK_HOT_LANES {
    y[j] = LK(exp_near)(x[j] - origin);
    lanes[j] += (double)(((j < skip) | (j == left_out)) ? 0 : y[j]);
  }
  if (e)
    __builtin_memcpy(e, y, sizeof y);
}

// The last elements of a row, fewer than LK_LANES, in the last lanes; in a longer row those before them are read again.
LK_APART void LK(exp_rest)(const LK_T *x, LK_T origin, double *restrict lanes, LK_T *e, int64_t n, int64_t top) {
  int rest = (int)(n % LK_LANES), skip = LK_LANES - rest;
  int left_out = top < n - LK_LANES ? -1 : (int)(top - (n - LK_LANES));
  if (n >= LK_LANES && e != x) {
    LK(exp_part)(x + n - LK_LANES, origin, lanes, e ? e + n - LK_LANES : 0, skip, left_out);
    return;
  }
  LK_T z[LK_LANES], y[LK_LANES];
  for (int j = 0; j < LK_LANES; ++j)
    z[j] = j < skip ? origin : x[n - LK_LANES + j];
  LK(exp_part)(z, origin, lanes, y, skip, left_out);
  if (e)
    __builtin_memcpy(e + n - rest, y + skip, (size_t)rest * sizeof *e);
}

// What the softmax of a row is made of: p[k] = exp(x[k] − x[top])/(1 + rest).
typedef struct {
  LK_T max;    // x[top]; NaN where the row has no finite greatest element: then everything is
  int64_t top; // where the maximum stands, the first of several; or the label
  double rest; // Σ exp(x[k] − x[top]) over k ≠ top: so small a sum keeps its relative accuracy beside the 1 of the top
} LK(softmax);

// The softmax of a row of at least one element, none of which is far above x[top]; `e`, where it is not null, gets
// exp(x − x[top]). `e` may be x.
LK_APART LK(softmax) LK(softmax_around)(int64_t top, const LK_T *x, LK_T *e, int64_t n, LK(later) later) {
  LK_T zero = x[top] - x[top], origin = x[top] + zero;
  int64_t whole = n & -(int64_t)LK_LANES, group = top & -(int64_t)LK_LANES;
  double lanes[LK_LANES] = {0};
  LK(exp_groups)(x, origin, lanes, e, group, later);
  if (group < whole) {
    int64_t next = group + LK_LANES;
    LK(exp_part)(x + group, origin, lanes, e ? e + group : 0, 0, (int)(top - group));
    LK(exp_groups)(x + next, origin, lanes, e ? e + next : 0, whole - next, LK(later_at)(later, next));
  }
  if (whole < n)
    LK(exp_rest)(x, origin, lanes, e, n, top);
  if (e)
    e[top] = 1 + zero;
  return (LK(softmax)){origin, top, lk_fold(lanes) + (double)zero};
}

// The softmax of a row of at least one element, around its maximum.
LK_APART LK(softmax) LK(softmax_row)(const LK_T *x, LK_T *e, int64_t n, LK(later) later) {
  LK_T max = LK(row_max)(x, n);
  int64_t top = max - max == 0 ? LK(row_find)(x, max, n) : 0;
  LK(softmax) softmax = LK(softmax_around)(top, x, e, n, later);
  if (max - max != 0)
    softmax.max = softmax.rest = LK_NOT_A_NUMBER;
  return softmax;
}

// The softmax of a row around its label: neither the maximum nor its place has to be found. Where a class is so far
// above the label that its exponential is too large, it is the softmax around the maximum.
static LK(softmax) LK(softmax_of_label)(int64_t label, const LK_T *x, LK_T *e, int64_t n, LK(later) later) {
  // Less than the exponential that stands for all that are too large.
  const double limit = LK_IS_F64 ? 0x1p865 : 0x1p62;
  // What is overwritten cannot be evaluated again: then the sum comes first, unless the maximum is close enough.
  if (e == x && !(LK(row_max)(x, n) - x[label] < 20 && n < INT32_MAX) &&
      !(LK(softmax_around)(label, x, 0, n, later).rest < limit))
    return LK(softmax_row)(x, e, n, later);
  LK(softmax) softmax = LK(softmax_around)(label, x, e, n, later);
  return softmax.rest < limit ? softmax : LK(softmax_row)(x, e, n, later);
}

// exp(x − origin) of up to LK_TILE elements into another array.
LK_APART void LK(exp_tile)(const LK_T *restrict x, LK_T origin, LK_T *restrict e, int64_t n) {
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) e[j] = LK(exp_near)(x[j] - origin);
}

// x *= factor, in place.
LK_APART void LK(scale_row)(LK_T *x, LK_T factor, int64_t n) { LK_LOOP for (int64_t j = 0; j < n; ++j) x[j] *= factor; }
