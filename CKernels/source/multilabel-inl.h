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

// Repeats what belongs to the columns for each row, times what belongs to the row; null stands for ones.
LK_APART void LK(spread)(LK_T *to, const LK_T *of_row, const LK_T *of_column, LK(shape) shape) {
  for (int64_t r = 0; r < shape.rows; ++r) {
    LK_T x = of_row ? of_row[r] : 1, *row = to + r * shape.columns;
    if (of_column) {
      LK_LOOP_OF(1) for (int64_t c = 0; c < shape.columns; ++c) row[c] = x * of_column[c];
    } else {
      LK_LOOP_OF(1) for (int64_t c = 0; c < shape.columns; ++c) row[c] = x;
    }
  }
}

static void LK(multilabel_block)(const void *untyped, double factor, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_multilabel_call *call = untyped;
  const lk_rows *rows = &call->rows;
  const LK_T *weights = rows->weights, *class_weights = call->class_weights, *positives = call->positive_weights;
  lk_mode mode = call->curvature                     ? lk_mode_all
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
  _Alignas(64) LK_T weight_tile[LK_TILE], positive_tile[LK_TILE] = {0};
  for (int64_t i = begin; i < end && partial->status == lk_ok; i += together)
    for (int64_t column = 0; column < rows->columns; column += LK_TILE) {
      int64_t left = rows->columns - column;
      LK(shape) shape = {end - i < together ? end - i : together, left < LK_TILE ? left : LK_TILE};
      int64_t n = shape.rows * shape.columns, padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
      const LK_T *z = LK(gather)((const LK_T *)rows->predictions + i * rows->prediction_stride + column,
                                 rows->prediction_stride, shape, 0, tile.z);
      const LK_T *y = LK(gather)((const LK_T *)rows->targets + i * rows->target_stride + column, rows->target_stride,
                                 shape, 1, tile.y);
      const LK_T *w = is_weighted ? weight_tile : 0;
      if (w)
        LK(spread)(weight_tile, weights ? weights + i : 0, class_weights ? class_weights + column : 0, shape);
      if (!LK(inspect)(call->terms, call->term_count, y, w, 0, n, partial)) {
        partial->bad_index =
            (i + partial->bad_index / shape.columns) * rows->columns + column + partial->bad_index % shape.columns;
        return;
      }
      if (positives) {
        LK(spread)(positive_tile, 0, positives + column, shape);
        LK(map_positives)(z, y, k, positive_tile, &tile, padded);
      } else {
        LK(evaluate)(call->terms, call->term_count, z, y, &tile, mode, padded, 0);
      }
      if (mode != lk_mode_gradient) {
        if (w)
          LK(weighted_sum)(lanes, tile.value, w, n);
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
          {rows->values, call->value_stride, tile.value, 1, 0},
          {rows->gradient, rows->gradient_stride, tile.gradient, factor, rows->accumulate},
          {call->curvature, call->curvature_stride, tile.curvature, factor, rows->accumulate},
      };
      for (int o = 0; o < 3; ++o) {
        if (!outputs[o].to)
          continue;
        if (w)
          LK(weigh)(outputs[o].from, w, outputs[o].factor, n);
        LK(scatter)
        (outputs[o].to + i * outputs[o].stride + column, outputs[o].stride, shape, outputs[o].from,
         w ? 1 : (LK_T)outputs[o].factor, outputs[o].accumulate);
      }
    }
  partial->value = lk_fold(lanes);
}
