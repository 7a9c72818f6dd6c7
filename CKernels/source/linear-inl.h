// The block functions of lk_linear and lk_gram. Included once per scalar and instruction set, after tile-inl.h.
//
// All sums are in double, in a fixed order. So is the loss, whatever the scalar of the features: beside the reading of
// a row its cost does not show, and a solver needs values that are smooth to better than a float's rounding.

typedef double LK(d8) __attribute__((vector_size(64), aligned(8)));
typedef double LK(d4) __attribute__((vector_size(32), aligned(8)));
typedef LK_T LK(t8) __attribute__((vector_size(8 * sizeof(LK_T)), aligned(sizeof(LK_T))));
typedef LK_T LK(t4) __attribute__((vector_size(4 * sizeof(LK_T)), aligned(sizeof(LK_T))));

LK_INLINE LK(d8) LK(load8)(const LK_T *x, const double *shift, int64_t j) {
  LK(d8) wide = __builtin_convertvector(*(const LK(t8) *)(x + j), LK(d8));
  return shift ? wide - *(const LK(d8) *)(shift + j) : wide;
}

LK_INLINE LK(d4) LK(load4)(const LK_T *x, const double *shift, int64_t j) {
  LK(d4) wide = __builtin_convertvector(*(const LK(t4) *)(x + j), LK(d4));
  return shift ? wide - *(const LK(d4) *)(shift + j) : wide;
}

LK_INLINE double LK(load1)(const LK_T *x, const double *shift, int64_t j) {
  return shift ? (double)x[j] - shift[j] : (double)x[j];
}

// row · w. One row at a time and in order, which is how memory delivers fastest: four rows side by side took 1.6 times
// as long.
LK_INLINE double LK(dot)(const LK_T *row, const double *shift, const double *w, int64_t columns) {
  LK(d8) sums[4] = {{0}};
  int64_t j = 0;
  for (; j + 32 <= columns; j += 32)
    for (int k = 0; k < 4; ++k)
      sums[k] += LK(load8)(row, shift, j + 8 * k) * *(const LK(d8) *)(w + j + 8 * k);
  for (; j + 8 <= columns; j += 8)
    sums[0] += LK(load8)(row, shift, j) * *(const LK(d8) *)(w + j);
  LK(d8) s = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  LK(d4) t = __builtin_shufflevector(s, s, 0, 1, 2, 3) + __builtin_shufflevector(s, s, 4, 5, 6, 7);
  if (j + 4 <= columns) {
    t += LK(load4)(row, shift, j) * *(const LK(d4) *)(w + j);
    j += 4;
  }
  double rest = 0;
  for (; j < columns; ++j)
    rest += LK(load1)(row, shift, j) * w[j];
  return ((t[0] + t[2]) + (t[1] + t[3])) + rest;
}

// sum += Σᵣ gᵣ rowᵣ over four rows.
LK_INLINE void LK(add_four)(const LK_T *const *rows, const double *shift, const double *g, int64_t columns,
                            double *restrict sum) {
  int64_t j = 0;
  for (; j + 8 <= columns; j += 8)
    *(LK(d8) *)(sum + j) += (LK(load8)(rows[0], shift, j) * g[0] + LK(load8)(rows[1], shift, j) * g[1]) +
                            (LK(load8)(rows[2], shift, j) * g[2] + LK(load8)(rows[3], shift, j) * g[3]);
  if (j + 4 <= columns) {
    *(LK(d4) *)(sum + j) += (LK(load4)(rows[0], shift, j) * g[0] + LK(load4)(rows[1], shift, j) * g[1]) +
                            (LK(load4)(rows[2], shift, j) * g[2] + LK(load4)(rows[3], shift, j) * g[3]);
    j += 4;
  }
  for (; j < columns; ++j)
    sum[j] += (LK(load1)(rows[0], shift, j) * g[0] + LK(load1)(rows[1], shift, j) * g[1]) +
              (LK(load1)(rows[2], shift, j) * g[2] + LK(load1)(rows[3], shift, j) * g[3]);
}

// Four row pointers that start at row i of n; beyond the end the last row stands in, with a multiplier of 0 or a
// result that nobody reads.
LK_INLINE void LK(four_rows)(const LK_T *const *rows, int64_t i, int64_t n, const LK_T **four) {
  for (int r = 0; r < 4; ++r)
    four[r] = rows[i + r < n ? i + r : n - 1];
}

// Rows in a tile: as many as the L1 cache holds beside the rest, at least four.
static int64_t LK(tile_rows)(int64_t columns) {
  int64_t rows = 32 * 1024 / ((columns > 0 ? columns : 1) * (int64_t)sizeof(LK_T)) & -(int64_t)4;
  return rows < 4 ? 4 : rows > LK_TILE ? LK_TILE : rows;
}

static void LK(linear_block)(const lk_linear_call *call, int64_t begin, int64_t end, double *gradient,
                             lk_partial *partial) {
  int64_t columns = call->columns, tile_rows = LK(tile_rows)(columns);
  const LK_T *features = call->features, *targets = call->targets, *weights = call->weights;
  double lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0}, multiplier_sum = 0;
  tile_f64 tile;
  double weight[LK_TILE];
  const LK_T *rows[LK_TILE];
  int64_t index[LK_TILE];
  _Alignas(64) double margins[LK_TILE], multipliers[LK_TILE];
  for (int64_t i = begin; i < end; i += tile_rows) {
    int64_t n = 0, count = end - i < tile_rows ? end - i : tile_rows;
    if (targets &&
        !LK(inspect)(call->terms, call->term_count, targets + i, weights ? weights + i : 0, i, count, partial))
      return;
    for (int64_t j = i; j < i + count; ++j) {
      if (weights && weights[j] == 0)
        continue;
      index[n] = j;
      rows[n++] = features + j * columns;
    }
    if (call->coefficients) {
      for (int64_t j = 0; j < n; ++j)
        margins[j] = call->intercept + (call->shift ? LK(dot)(rows[j], call->shift, call->coefficients, columns)
                                                    : LK(dot)(rows[j], 0, call->coefficients, columns));
      if (call->margins)
        for (int64_t j = 0; j < n; ++j)
          call->margins[index[j]] = margins[j];
    }
    if (call->terms) {
      int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
      for (int64_t j = 0; j < n; ++j) {
        tile.y[j] = targets[index[j]];
        weight[j] = weights ? weights[index[j]] : 1;
      }
      for (int64_t j = n; j < padded; ++j)
        margins[j] = 0, tile.y[j] = 1;
      evaluate_f64(call->terms, call->term_count, margins, tile.y, &tile, lk_mode_both, padded);
      for (int64_t j = 0; j < n; ++j) {
        tile.value[j] *= weight[j];
        multipliers[j] = weight[j] * tile.gradient[j];
      }
      sum_any_f64(lanes, tile.value, n);
      if (weights)
        sum_any_f64(weight_lanes, weight, n);
    } else if (call->multipliers) {
      for (int64_t j = 0; j < n; ++j)
        multipliers[j] = call->multipliers[index[j]];
    }
    if (!gradient)
      continue;
    for (int64_t j = n; j % 4 != 0; ++j)
      multipliers[j] = 0;
    for (int64_t j = 0; j < n; ++j)
      multiplier_sum += multipliers[j];
    for (int64_t j = 0; j < n; j += 4) {
      const LK_T *four[4];
      LK(four_rows)(rows, j, n, four);
      if (call->shift)
        LK(add_four)(four, call->shift, multipliers + j, columns, gradient);
      else
        LK(add_four)(four, 0, multipliers + j, columns, gradient);
    }
  }
  if (gradient)
    gradient[columns] = multiplier_sum;
  partial->value = lk_fold(lanes);
  partial->weight = weights ? lk_fold(weight_lanes) : (double)(end - begin);
}

static void LK(gram_block)(const lk_gram_call *call, int64_t begin, int64_t end, double *gram) {
  int64_t columns = call->columns;
  const LK_T *features = call->features;
  for (int64_t i = begin; i < end; i += 4) {
    const LK_T *four[4];
    double d[4];
    for (int r = 0; r < 4; ++r) {
      int64_t row = i + r < end ? i + r : end - 1;
      four[r] = features + row * columns;
      d[r] = i + r < end ? call->multipliers[row] : 0;
    }
    for (int64_t j = 0; j < columns; ++j) {
      double g[4];
      for (int r = 0; r < 4; ++r)
        g[r] = d[r] == 0 ? 0 : d[r] * LK(load1)(four[r], call->shift, j);
      if (call->shift)
        LK(add_four)(four, call->shift, g, j + 1, gram + j * columns);
      else
        LK(add_four)(four, 0, g, j + 1, gram + j * columns);
    }
  }
}
