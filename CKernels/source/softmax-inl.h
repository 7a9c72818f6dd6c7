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

// exp(x − max) of all lanes, added to the sums.
LK_INLINE void LK(exp_lanes)(const LK_T *x, LK_T max, double *sums, LK_T *e) {
  LK_HOT_LANES {
    LK_T y = LK(exp_neg)(x[j] - max);
    sums[j] += (double)y;
    e[j] = y;
  }
}

// Whole lanes of a row. `e` may be null or x itself.
LK_APART void LK(exp_groups)(const LK_T *x, LK_T max, double *restrict lanes, LK_T *e, int64_t n, LK(later) later) {
  double sums[LK_LANES];
  LK_T y[LK_LANES];
  LK_HOT_LANES sums[j] = lanes[j];
  if (e) {
    for (int64_t i = 0; i < n; i += LK_LANES) {
      for (int k = 0; k < LK_LANES; k += LK_LINE) {
        __builtin_prefetch(later.read + i + k);
        __builtin_prefetch(later.write + i + k, 1);
      }
      LK(exp_lanes)(x + i, max, sums, y);
      __builtin_memcpy(e + i, y, sizeof y);
    }
  } else {
    for (int64_t i = 0; i < n; i += LK_LANES) {
      for (int k = 0; k < LK_LANES; k += LK_LINE) {
        __builtin_prefetch(later.read + i + k);
        __builtin_prefetch(later.write + i + k, 1);
      }
      LK(exp_lanes)(x + i, max, sums, y);
    }
  }
  LK_HOT_LANES lanes[j] = sums[j];
}

// LK_LANES elements, of which those before `skip` and the one at `left_out` are not part of the sum.
LK_INLINE void LK(exp_part)(const LK_T *x, LK_T max, double *restrict lanes, LK_T *e, int skip, int left_out) {
  _Alignas(64) LK_T y[LK_LANES];
  LK_HOT_LANES {
    y[j] = LK(exp_neg)(x[j] - max);
    lanes[j] += (double)(((j < skip) | (j == left_out)) ? 0 : y[j]);
  }
  if (e)
    __builtin_memcpy(e, y, sizeof y);
}

// The last elements of a row, fewer than LK_LANES, in the last lanes; in a longer row those before them are read again.
LK_APART void LK(exp_rest)(const LK_T *x, LK_T max, double *restrict lanes, LK_T *e, int64_t n, int64_t top) {
  int rest = (int)(n % LK_LANES), skip = LK_LANES - rest;
  int left_out = top < n - LK_LANES ? -1 : (int)(top - (n - LK_LANES));
  if (n >= LK_LANES && e != x) {
    LK(exp_part)(x + n - LK_LANES, max, lanes, e ? e + n - LK_LANES : 0, skip, left_out);
    return;
  }
  LK_T z[LK_LANES], y[LK_LANES];
  for (int j = 0; j < LK_LANES; ++j)
    z[j] = j < skip ? max : x[n - LK_LANES + j];
  LK(exp_part)(z, max, lanes, y, skip, left_out);
  if (e)
    __builtin_memcpy(e + n - rest, y + skip, (size_t)rest * sizeof *e);
}

// What the softmax of a row is made of: p[k] = exp(x[k] − max)/(1 + rest).
typedef struct {
  LK_T max;    // NaN where the row has no finite greatest element: then everything is
  int64_t top; // where the maximum stands, the first of several
  double rest; // Σ exp(x[k] − max) over k ≠ top: so small a sum keeps its relative accuracy beside the 1 of the top
} LK(softmax);

// The softmax of a row of at least one element; `e`, where it is not null, gets exp(x − max). `e` may be x.
LK_APART LK(softmax) LK(softmax_row)(const LK_T *x, LK_T *e, int64_t n, LK(later) later) {
  LK_T max = LK(row_max)(x, n), zero = max - max;
  int64_t top = zero == 0 ? LK(row_find)(x, max, n) : 0;
  int64_t whole = n & -(int64_t)LK_LANES, group = top & -(int64_t)LK_LANES;
  double lanes[LK_LANES] = {0};
  max += zero;
  LK(exp_groups)(x, max, lanes, e, group, later);
  if (group < whole) {
    int64_t next = group + LK_LANES;
    LK(exp_part)(x + group, max, lanes, e ? e + group : 0, 0, (int)(top - group));
    LK(exp_groups)(x + next, max, lanes, e ? e + next : 0, whole - next, LK(later_at)(later, next));
  }
  if (whole < n)
    LK(exp_rest)(x, max, lanes, e, n, top);
  if (e)
    e[top] = 1 + zero;
  return (LK(softmax)){max, top, lk_fold(lanes) + (double)zero};
}

// exp(x − max) of up to LK_TILE elements into another array.
LK_APART void LK(exp_tile)(const LK_T *restrict x, LK_T max, LK_T *restrict e, int64_t n) {
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) e[j] = LK(exp_neg)(x[j] - max);
}

// x *= factor, in place.
LK_APART void LK(scale_row)(LK_T *x, LK_T factor, int64_t n) { LK_LOOP for (int64_t j = 0; j < n; ++j) x[j] *= factor; }
