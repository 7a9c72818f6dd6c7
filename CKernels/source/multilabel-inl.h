// The block function of lk_multilabel: a tile holds as many whole rows as it has room for, or a part of a long one, and
// is evaluated like samples that follow each other. Included once per scalar and instruction set, after
// pointwise-inl.h.

// The logistic loss whose weight of the positive class is another one for each sample. One map for all modes.
LK_APART void LK(map_positives)(const LK_T *restrict z, const LK_T *restrict y, const LK_T *restrict k,
                                const LK_T *restrict positive, LK(tile) *restrict to, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(LK_IN_FLIGHT) for (int64_t i = 0; i < n; ++i) {
    LK_T own[LK_MAX_PARAMETERS] = {k[0] * positive[i], k[1]};
    LK(point) p = LK(logistic)(z[i], y[i], own);
    to->value[i] = p.value;
    to->gradient[i] = p.gradient;
    to->curvature[i] = p.curvature;
  }
}

// Elements of the matrices: `rows` rows of `columns`, in memory `stride` elements apart.
typedef struct {
  int64_t rows, columns;
} LK(shape);

// Returns the elements side by side: where they are, or in `to`, filled up to whole groups.
LK_APART const LK_T *LK(gather)(const LK_T *from, int64_t stride, LK(shape) shape, LK_T filler, LK_T *to) {
  int64_t n = shape.rows * shape.columns, padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
  if (stride == shape.columns || shape.rows == 1) {
    if (n == padded)
      return from;
    LK(stage)(to, from, filler, n, padded);
    return to;
  }
  for (int64_t r = 0; r < shape.rows; ++r)
    LK_LOOP_OF(1) for (int64_t c = 0; c < shape.columns; ++c) to[r * shape.columns + c] = from[r * stride + c];
  for (int64_t i = n; i < padded; ++i)
    to[i] = filler;
  return to;
}

LK_APART void LK(scatter)(LK_T *to, int64_t stride, LK(shape) shape, const LK_T *from, LK_T factor, int accumulate) {
  if (stride == shape.columns)
    shape = (LK(shape)){1, shape.rows * shape.columns};
  for (int64_t r = 0; r < shape.rows; ++r)
    LK(store)(to + r * stride, from + r * shape.columns, factor, accumulate, 0, shape.columns);
}

// Repeats what belongs to the columns for each row.
LK_APART void LK(repeat)(LK_T *to, const LK_T *of_column, LK(shape) shape) {
  for (int64_t r = 0; r < shape.rows; ++r)
    memcpy(to + r * shape.columns, of_column, (size_t)shape.columns * sizeof *to);
}

// The weights of the elements, products of that of the row, that of the column and `scale`; null stands for ones. In
// double, because weights may be of any size. `marks` are 0 where the weight is, and 1 elsewhere.
LK_APART void LK(weigh_elements)(const LK_T *of_row, const LK_T *of_column, double scale, LK(shape) shape, double *w,
                                 LK_T *marks) {
  for (int64_t r = 0; r < shape.rows; ++r) {
    double x = of_row ? (double)of_row[r] : 1, *row = w + r * shape.columns;
    for (int64_t c = 0; c < shape.columns; ++c)
      row[c] = of_column ? x * (scale * (double)of_column[c]) : x;
  }
  LK_LOOP_OF(1) for (int64_t i = 0; i < shape.rows * shape.columns; ++i) marks[i] = w[i] == 0 ? 0 : 1;
}

// Adds weight × x to the lanes, and multiplies x by factor × weight, as `weighted_sum` and `weigh` do for weights of
// the scalar.
LK_APART void LK(add_elements)(double *restrict lanes, const LK_T *restrict x, const double *restrict w, int64_t n) {
  double products[LK_TILE];
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) products[i] = w[i] == 0 ? 0 : w[i] * (double)x[i];
  sum_any_f64(lanes, products, n);
}
LK_APART void LK(scale_elements)(LK_T *restrict x, const double *restrict w, double factor, int64_t n) {
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) x[i] = w[i] == 0 ? 0 : (LK_T)(factor * w[i]) * x[i];
}

static void LK(multilabel_block)(const void *untyped, double factor, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_multilabel_call *call = untyped;
  const lk_rows *rows = &call->rows;
  const LK_T *weights = rows->weights, *class_weights = call->class_weights, *positives = call->positive_weights;
  lk_mode mode = rows->curvature                     ? lk_mode_all
                 : !rows->gradient                   ? lk_mode_value
                 : rows->skip_value && !rows->values ? lk_mode_gradient
                                                     : lk_mode_both;
  double lanes[LK_LANES] = {0};
  partial->weight = (double)(end - begin);
  if (weights)
    LK(weight_block)(weights, begin, end, partial);
  int64_t together = rows->columns < LK_TILE ? LK_TILE / (rows->columns > 0 ? rows->columns : 1) : 1;
  int is_weighted = weights || class_weights;
  LK_T k[LK_MAX_PARAMETERS];
  LK(parameters)(call->terms, k);
  LK(tile) tile;
  _Alignas(64) LK_T marks[LK_TILE], positive_tile[LK_TILE] = {0};
  double w[LK_TILE];
  for (int64_t i = begin; i < end && partial->status == lk_ok; i += together)
    for (int64_t column = 0; column < rows->columns; column += LK_TILE) {
      int64_t left = rows->columns - column;
      LK(shape) shape = {end - i < together ? end - i : together, left < LK_TILE ? left : LK_TILE};
      int64_t n = shape.rows * shape.columns, padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
      const LK_T *z = LK(gather)((const LK_T *)rows->predictions + i * rows->prediction_stride + column,
                                 rows->prediction_stride, shape, 0, tile.z);
      const LK_T *y = LK(gather)((const LK_T *)rows->targets + i * rows->target_stride + column, rows->target_stride,
                                 shape, 1, tile.y);
      if (is_weighted)
        LK(weigh_elements)
      (weights ? weights + i : 0, class_weights ? class_weights + column : 0, call->class_scale, shape, w, marks);
      if (!LK(inspect)(call->terms, call->term_count, y, is_weighted ? marks : 0, 0, n, partial)) {
        partial->bad_index =
            (i + partial->bad_index / shape.columns) * rows->columns + column + partial->bad_index % shape.columns;
        return;
      }
      if (positives) {
        LK(repeat)(positive_tile, positives + column, shape);
        LK(map_positives)(z, y, k, positive_tile, &tile, padded);
      } else {
        LK(evaluate)(call->terms, call->term_count, z, y, &tile, mode, padded, 0);
      }
      if (mode != lk_mode_gradient) {
        if (is_weighted)
          LK(add_elements)(lanes, tile.value, w, n);
        else
          LK(sum_any)(lanes, tile.value, n);
      }
      struct {
        LK_T *to;
        int64_t stride;
        LK_T *from;
        double factor;
        int accumulate;
      } outputs[3] = {
          {rows->values, call->value_stride, tile.value, 1 / call->class_scale, 0},
          {rows->gradient, rows->gradient_stride, tile.gradient, factor, rows->accumulate},
          {rows->curvature, rows->curvature_stride, tile.curvature, factor, rows->accumulate},
      };
      for (int o = 0; o < 3; ++o) {
        if (!outputs[o].to)
          continue;
        if (is_weighted)
          LK(scale_elements)(outputs[o].from, w, outputs[o].factor, n);
        LK(scatter)
        (outputs[o].to + i * outputs[o].stride + column, outputs[o].stride, shape, outputs[o].from,
         is_weighted ? 1 : (LK_T)outputs[o].factor, outputs[o].accumulate);
      }
    }
  partial->value = lk_fold(lanes);
}
