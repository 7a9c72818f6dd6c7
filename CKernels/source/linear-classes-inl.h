// The block function of lk_linear_classes. Included once per scalar and instruction set, after linear-inl.h and
// categorical-inl.h.

#if LK_IS_F64
// The labels of n rows from number i on: where they stand, or, with an order, brought together in `labels`.
static inline const void *lk_labels_from(const lk_categorical_call *call, const int64_t *order, int64_t i, int64_t n,
                                         char *labels) {
  size_t size = call->target_kind == lk_classes_u8 ? 1 : call->target_kind == lk_classes_i32 ? 4 : 8;
  const char *all = call->targets;
  if (!order)
    return all + (size_t)i * size;
  for (int64_t r = 0; r < n; ++r)
    __builtin_memcpy(labels + (size_t)r * size, all + (size_t)order[i + r] * size, size);
  return labels;
}
#endif

// Four scores of a row at once, which is then loaded once for all of them.
LK_INLINE void LK(four_dots)(const LK_T *row, const LK_T *ahead, const double *shift, const double *const *w,
                             int64_t columns, double *restrict dots) {
  LK(d8) sums[4] = {{0}};
  int64_t j = 0;
  for (; j + 8 <= columns; j += 8) {
    __builtin_prefetch(ahead + j);
    LK(d8) x = LK(load8)(row, shift, j);
    for (int k = 0; k < 4; ++k)
      sums[k] += x * *(const LK(d8) *)(w[k] + j);
  }
  for (int k = 0; k < 4; ++k) {
    LK(d8) s = sums[k];
    double rest = 0;
    for (int64_t i = j; i < columns; ++i)
      rest += LK(load1)(row, shift, i) * w[k][i];
    dots[k] = (((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))) + rest;
  }
}

static void LK(class_scores)(const lk_linear_classes_call *call, const LK_T *row, const LK_T *ahead,
                             double *restrict scores) {
  for (int64_t k = 0; k < call->classes; k += 4) {
    const double *four[4];
    double dots[4];
    for (int64_t c = 0; c < 4; ++c)
      four[c] = call->coefficients + (k + c < call->classes ? k + c : k) * call->columns;
    if (call->shift)
      LK(four_dots)(row, ahead, call->shift, four, call->columns, dots);
    else
      LK(four_dots)(row, ahead, 0, four, call->columns, dots);
    for (int64_t c = 0; c < 4 && k + c < call->classes; ++c)
      scores[k + c] = dots[c] + call->intercepts[k + c];
  }
}

// Adds the shares of up to four rows, of which g has the derivatives by the scores.
static void LK(add_class_rows)(const lk_linear_classes_call *call, const LK_T *const *rows, const double *const *g,
                               double *gradient) {
  for (int64_t k = 0; k < call->classes; ++k) {
    double *sum = gradient + k * (call->columns + 1);
    double four[4] = {g[0][k], g[1][k], g[2][k], g[3][k]};
    if (call->shift)
      LK(add_four)(rows, call->shift, four, call->columns, sum);
    else
      LK(add_four)(rows, 0, four, call->columns, sum);
    sum[call->columns] += (four[0] + four[1]) + (four[2] + four[3]);
  }
}

static void LK(linear_classes_block)(const lk_linear_classes_call *call, int64_t begin, int64_t end, double *gradient,
                                     double *scratch, lk_partial *partial) {
  int64_t classes = call->classes, tile_rows = lk_class_rows(call->columns, classes);
  const LK_T *features = call->features, *weights = call->weights;
  const int64_t *order = call->order;
  double *derivatives = scratch, *scores = scratch + tile_rows * classes;
  lk_partial total = {.status = lk_ok};
  int64_t first_end = end - begin < tile_rows ? end : begin + tile_rows;
  LK(prefetch_rows)(features, order, begin, first_end, call->columns);
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < tile_rows ? end - i : tile_rows;
    double *z = call->scores ? call->scores + i * classes : scores;
    for (int64_t r = 0; r < n; ++r) {
      const LK_T *row = features + lk_row_at(order, i + r) * call->columns;
      const LK_T *ahead = LK(ahead)(features, order, i + r, tile_rows, call->rows, call->columns);
      LK(class_scores)(call, row, ahead, z + r * classes);
    }
    if (!call->loss)
      continue;
    double tile_weights[LK_CLASS_ROWS];
    for (int64_t r = 0; r < n && weights; ++r)
      tile_weights[r] = (double)weights[lk_row_at(order, i + r)];
    char labels[LK_CLASS_ROWS * sizeof(int64_t)];
    lk_categorical_call loss = *call->loss;
    loss.scalar = lk_scalar_double;
    loss.rows = n;
    loss.classes = classes;
    loss.predictions = z;
    loss.prediction_stride = classes;
    loss.targets = lk_labels_from(call->loss, order, i, n, labels);
    loss.weights = weights ? tile_weights : 0;
    loss.gradient = gradient ? derivatives : 0;
    loss.gradient_stride = classes;
    lk_categorical_plan plan = {.call = &loss, .factor = 1, .scratch = -1};
    lk_partial part = {.status = lk_ok};
    categorical_block_f64(&plan, 0, n, &part);
    if (part.status != lk_ok) {
      *partial = part;
      partial->bad_index = lk_row_at(order, i + part.bad_index);
      return;
    }
    total.value += part.value;
    total.weight += part.weight;
    // Rows that do not count have no derivatives, and what they hold does not matter.
    const LK_T *rows[4];
    const double *g[4];
    int64_t held = 0;
    for (int64_t r = 0; r < n && gradient; ++r) {
      const double *own = derivatives + r * classes;
      int64_t k = 0;
      while (k < classes && own[k] == 0)
        ++k;
      if (k == classes)
        continue;
      rows[held] = features + lk_row_at(order, i + r) * call->columns;
      g[held++] = own;
      if (held == 4) {
        LK(add_class_rows)(call, rows, g, gradient);
        held = 0;
      }
    }
    for (int64_t h = 0; h < held; ++h) {
      for (int64_t k = 0; k < classes; ++k) {
        double *sum = gradient + k * (call->columns + 1), d = g[h][k];
        LK(add_one)(rows[h], call->shift, d, call->columns, sum);
        sum[call->columns] += d;
      }
    }
  }
  *partial = total;
}
