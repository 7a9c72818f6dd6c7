// The block functions of lk_linear, lk_gram and lk_orthogonality. Included once per scalar and instruction set, after
// tile-inl.h.
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

// How far ahead of a row memory is asked for, in elements. The hardware's own prefetching stops at a page's end, and
// here too much work lies between two rows to cover the wait: without this a pass took twice as long.
#define LK_AHEAD (8 * 1024 / (int64_t)sizeof(LK_T))
#define LK_LINE (64 / (int64_t)sizeof(LK_T))

// What to ask memory for while a row is worked on. In an order the places of rows are no pattern that a processor
// foresees: it is the row that is so many numbers later, unless rows are so long that its own end comes first.
LK_INLINE const LK_T *LK(ahead)(const LK_T *features, const int64_t *order, int64_t i, int64_t later, int64_t rows,
                                int64_t columns) {
  if (!order || columns >= LK_AHEAD)
    return features + lk_row_at(order, i) * columns + LK_AHEAD;
  return features + order[i + later < rows ? i + later : i] * columns;
}

// Rows that nothing before them could ask for.
static void LK(prefetch_rows)(const LK_T *features, const int64_t *order, int64_t begin, int64_t end, int64_t columns) {
  for (int64_t i = begin; order && i < end; ++i)
    for (int64_t j = 0; j < columns && j < LK_AHEAD; j += LK_LINE)
      __builtin_prefetch(features + order[i] * columns + j);
}

// row · w. One row at a time and in order, which is how memory delivers fastest: four rows side by side took 1.6 times
// as long.
LK_INLINE double LK(dot)(const LK_T *row, const LK_T *ahead, const double *shift, const double *w, int64_t columns) {
  LK(d8) sums[4] = {{0}};
  int64_t j = 0;
  for (; j + 32 <= columns; j += 32) {
    for (int k = 0; k < 32; k += LK_LINE)
      __builtin_prefetch(ahead + j + k);
    for (int k = 0; k < 4; ++k)
      sums[k] += LK(load8)(row, shift, j + 8 * k) * *(const LK(d8) *)(w + j + 8 * k);
  }
  for (; j + 8 <= columns; j += 8) {
    __builtin_prefetch(ahead + j);
    sums[0] += LK(load8)(row, shift, j) * *(const LK(d8) *)(w + j);
  }
  LK(d8) s = (sums[0] + sums[2]) + (sums[1] + sums[3]);
  LK(d4) t = __builtin_shufflevector(s, s, 0, 1, 2, 3) + __builtin_shufflevector(s, s, 4, 5, 6, 7);
  __builtin_prefetch(ahead + columns - 1);
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

// sum += g row, for the rows that four are not left of.
LK_INLINE void LK(add_one)(const LK_T *row, const double *shift, double g, int64_t columns, double *restrict sum) {
  for (int64_t j = 0; j < columns; ++j)
    sum[j] += LK(load1)(row, shift, j) * g;
}

// Rows in a tile: two tiles and what is fetched ahead share the L1 cache.
static int64_t LK(tile_rows)(int64_t columns) {
  int64_t rows = (8 * 1024 / ((columns > 0 ? columns : 1) * (int64_t)sizeof(LK_T))) & -(int64_t)4;
  return rows < 4 ? 4 : rows > LK_TILE ? LK_TILE : rows;
}

// The rows of a tile that count, and what is known of them.
typedef struct {
  int64_t n;
  const LK_T *rows[LK_TILE];
  const LK_T *ahead[LK_TILE];
  int64_t index[LK_TILE]; // in the order
  _Alignas(64) double margins[LK_TILE];
  _Alignas(64) double multipliers[LK_TILE];
} LK(rows);

// Looks through the targets and weights of [begin, end), which an order brings together first.
static int LK(inspect_rows)(const lk_linear_call *call, int64_t begin, int64_t end, lk_partial *partial) {
  const LK_T *targets = call->targets, *weights = call->weights;
  const int64_t *order = call->order;
  int64_t n = end - begin;
  if (!order)
    return LK(inspect)(call->terms, call->term_count, targets + begin, weights ? weights + begin : 0, begin, n,
                       partial);
  LK_T y[LK_TILE], w[LK_TILE];
  for (int64_t i = 0; i < n; ++i)
    y[i] = targets[order[begin + i]];
  for (int64_t i = 0; i < n && weights; ++i)
    w[i] = weights[order[begin + i]];
  if (LK(inspect)(call->terms, call->term_count, y, weights ? w : 0, begin, n, partial))
    return 1;
  partial->bad_index = order[partial->bad_index];
  return 0;
}

// Collects the rows of [begin, end) whose weight is not 0. Returns 0 where a weight or target is not allowed.
static int LK(collect)(const lk_linear_call *call, int64_t begin, int64_t end, LK(rows) * tile, lk_partial *partial) {
  const LK_T *features = call->features, *weights = call->weights;
  tile->n = 0;
  if (call->targets && !LK(inspect_rows)(call, begin, end, partial))
    return 0;
  for (int64_t i = begin; i < end; ++i) {
    int64_t row = lk_row_at(call->order, i);
    if (weights && weights[row] == 0)
      continue;
    tile->index[tile->n] = i;
    tile->ahead[tile->n] = LK(ahead)(features, call->order, i, end - begin, call->rows, call->columns);
    tile->rows[tile->n++] = features + row * call->columns;
  }
  return 1;
}

LK_INLINE void LK(four_margins)(const lk_linear_call *call, LK(rows) * tile, int64_t j) {
  for (int64_t k = j; k < j + 4 && k < tile->n; ++k)
    tile->margins[k] =
        call->intercept + (call->shift
                               ? LK(dot)(tile->rows[k], tile->ahead[k], call->shift, call->coefficients, call->columns)
                               : LK(dot)(tile->rows[k], tile->ahead[k], 0, call->coefficients, call->columns));
}

LK_INLINE void LK(add_four_rows)(const lk_linear_call *call, const LK(rows) * tile, int64_t j, double *gradient) {
  const LK_T *four[4];
  for (int r = 0; r < 4; ++r)
    four[r] = tile->rows[j + r < tile->n ? j + r : tile->n - 1]; // beyond the end the multiplier is 0
  // Where no margins are computed, nobody else has asked for the rows.
  if (!call->coefficients)
    for (int r = 0; r < 4; ++r)
      for (int64_t k = 0; k < call->columns; k += LK_LINE)
        __builtin_prefetch(four[r] + k + LK_AHEAD);
  if (call->shift)
    LK(add_four)(four, call->shift, tile->multipliers + j, call->columns, gradient);
  else
    LK(add_four)(four, 0, tile->multipliers + j, call->columns, gradient);
}

// From margins to multipliers: the losses of a tile, or the multipliers that the caller gives.
static void LK(multiply)(const lk_linear_call *call, LK(rows) * tile, double *value_lanes, double *weight_lanes,
                         double *slopes) {
  const LK_T *targets = call->targets, *weights = call->weights;
  int64_t n = tile->n;
  if (call->margins)
    for (int64_t j = 0; j < n; ++j)
      call->margins[tile->index[j]] = tile->margins[j];
  if (call->terms) {
    tile_f64 losses;
    double weight[LK_TILE];
    int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
    for (int64_t j = 0; j < n; ++j) {
      int64_t row = lk_row_at(call->order, tile->index[j]);
      losses.y[j] = targets[row];
      weight[j] = weights ? weights[row] : 1;
    }
    for (int64_t j = n; j < padded; ++j)
      tile->margins[j] = 0, losses.y[j] = 1;
    evaluate_f64(call->terms, call->term_count, tile->margins, losses.y, &losses, lk_mode_both, padded, 0);
    if (slopes)
      add_slopes_f64(call->terms, call->term_count, tile->margins, losses.y, weight, n, slopes);
    for (int64_t j = 0; j < n; ++j) {
      losses.value[j] *= weight[j];
      tile->multipliers[j] = weight[j] * losses.gradient[j];
    }
    sum_any_f64(value_lanes, losses.value, n);
    if (weights)
      sum_any_f64(weight_lanes, weight, n);
  } else if (call->multipliers) {
    for (int64_t j = 0; j < n; ++j)
      tile->multipliers[j] = call->multipliers[tile->index[j]];
  }
  for (int64_t j = n; j % 4 != 0; ++j)
    tile->multipliers[j] = 0;
}

// While a tile in cache adds to the gradient, the margins of the next one are computed, in turn: so memory is never
// idle, and a row is read from it once.
static void LK(linear_block)(const lk_linear_call *call, int64_t begin, int64_t end, double *gradient, double *slopes,
                             lk_partial *partial) {
  int64_t tile_rows = LK(tile_rows)(call->columns);
  double value_lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0}, multiplier_lanes[LK_LANES] = {0};
  LK(rows) tiles[2], *tile = &tiles[0], *next = &tiles[1];
  tile->n = 0;
  int64_t first_end = end - begin < tile_rows ? end : begin + tile_rows;
  LK(prefetch_rows)(call->features, call->order, begin, first_end, call->columns);
  for (int64_t i = begin;; i += tile_rows) {
    next->n = 0;
    int64_t stop = end - i < tile_rows ? end : i + tile_rows;
    if (i < end && !LK(collect)(call, i, stop, next, partial))
      return;
    int64_t additions = gradient ? tile->n : 0, margins = call->coefficients || call->terms ? next->n : 0;
    for (int64_t j = 0; j < additions || j < margins; j += 4) {
      if (j < margins)
        LK(four_margins)(call, next, j);
      if (j < additions)
        LK(add_four_rows)(call, tile, j, gradient);
    }
    if (i >= end)
      break;
    LK(multiply)(call, next, value_lanes, weight_lanes, slopes);
    if (gradient)
      sum_any_f64(multiplier_lanes, next->multipliers, next->n);
    LK(rows) *done = tile;
    tile = next;
    next = done;
  }
  if (gradient)
    gradient[call->columns] = lk_fold(multiplier_lanes);
  partial->value = lk_fold(value_lanes);
  partial->weight = call->weights ? lk_fold(weight_lanes) : (double)(end - begin);
}

// Rows of multiplier 0 are left out, so that what they hold does not matter.
static void LK(gram_block)(const lk_gram_call *call, int64_t begin, int64_t end, double *gram) {
  int64_t columns = call->columns;
  const LK_T *features = call->features;
  for (int64_t i = begin; i < end;) {
    const LK_T *four[4];
    double d[4] = {0};
    int n = 0;
    for (; n < 4 && i < end; ++i) {
      double multiplier = call->multipliers ? call->multipliers[i] : 1;
      if (multiplier == 0)
        continue;
      d[n] = multiplier;
      four[n++] = features + i * columns;
    }
    for (int r = 0; r < n && n < 4; ++r)
      for (int64_t j = 0; j < columns; ++j)
        LK(add_one)(four[r], call->shift, d[r] * LK(load1)(four[r], call->shift, j), j + 1, gram + j * columns);
    for (int64_t j = 0; j < columns && n == 4; ++j) {
      double g[4];
      for (int r = 0; r < 4; ++r)
        g[r] = d[r] * LK(load1)(four[r], call->shift, j);
      if (call->shift)
        LK(add_four)(four, call->shift, g, j + 1, gram + j * columns);
      else
        LK(add_four)(four, 0, g, j + 1, gram + j * columns);
    }
  }
}

// Four rows of E at a time stay in the L1 cache while sixteen rows of A take what they need of them.
static void LK(product_block)(const void *a, const double *e, int64_t size, double factor, double *sums, int64_t begin,
                              int64_t end) {
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < 16 ? end - i : 16;
    int64_t j = 0;
    for (; j + 4 <= size; j += 4) {
      const double *four[4] = {e + j * size, e + (j + 1) * size, e + (j + 2) * size, e + (j + 3) * size};
      for (int64_t r = i; r < i + n; ++r) {
        const LK_T *x = (const LK_T *)a + r * size + j;
        double g[4] = {factor * (double)x[0], factor * (double)x[1], factor * (double)x[2], factor * (double)x[3]};
        add_four_f64(four, 0, g, size, sums + r * size);
      }
    }
    for (; j < size; ++j)
      for (int64_t r = i; r < i + n; ++r)
        add_one_f64(e + j * size, 0, factor * (double)((const LK_T *)a)[r * size + j], size, sums + r * size);
  }
}
