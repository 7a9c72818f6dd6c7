// The block function of lk_adafactor: rows, columns, or parts of a vector. Included once per scalar and instruction
// set, after update-inl.h.

// Elements [offset, offset + n) of the gradient, as the rule sees it.
static const LK_T *LK(adafactor_gradient)(const lk_adafactor_call *call, int64_t offset, int64_t n, LK_T *tile) {
  LK(preparation) preparation = LK(preparation_of)(call->scale, call->limit, call->decay);
  return LK(prepared)(&preparation, (const LK_T *)call->parameters + offset, (const LK_T *)call->gradient + offset,
                      tile, n);
}

// The steps of n parameters at `offset`, in units of the rate: g over the root of the estimated mean square.
static void LK(adafactor_steps)(const lk_adafactor_plan *plan, int64_t row, int64_t column, int64_t n, LK_T *to) {
  const lk_adafactor_call *call = plan->call;
  LK_T tile[LK_TILE], least = (LK_T)(call->epsilon * call->epsilon);
  const LK_T *g = LK(adafactor_gradient)(call, row * call->columns + column, n, tile);
  const LK_T *squares = (const LK_T *)call->squares + column;
  LK_T factor = call->row_means ? (LK_T)((double)((const LK_T *)call->row_means)[row] * plan->row_scale) : 1;
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) {
    LK_T square = factor * squares[j];
    to[j] = g[j] / LK(sqrt)(square < least ? least : square);
  }
}

LK_APART double LK(adafactor_square_sum)(const LK_T *x, int64_t n) {
  double lanes[LK_LANES] = {0}, squares[LK_TILE];
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) squares[j] = (double)x[j] * (double)x[j];
  sum_any_f64(lanes, squares, n);
  return lk_fold(lanes);
}

// Adds the squares of the gradient in rows [first, last) of n columns to their sums.
static void LK(adafactor_column_sums)(const lk_adafactor_call *call, int64_t first, int64_t last, int64_t column,
                                      int64_t n, double *restrict sums) {
  LK_T tile[LK_TILE];
  for (int64_t row = first; row < last; ++row) {
    const LK_T *g = LK(adafactor_gradient)(call, row * call->columns + column, n, tile);
    LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) sums[j] += (double)g[j] * (double)g[j];
  }
}

static void LK(adafactor_column_means)(const lk_adafactor_call *call, int64_t column, int64_t n, const double *sums) {
  LK_T *means = (LK_T *)call->squares + column, share = (LK_T)call->share;
  for (int64_t j = 0; j < n; ++j)
    means[j] = LK(approach)(means[j], (LK_T)(sums[j] / (double)call->rows), share);
}

static void LK(adafactor_block)(const lk_adafactor_plan *plan, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_adafactor_call *call = plan->call;
  LK_T tile[LK_TILE], *w = call->parameters;
  LK_T share = (LK_T)call->share, keep = (LK_T)call->keep, length = (LK_T)plan->length;
  switch (plan->pass) {
  case lk_pass_columns:
    for (int64_t c = begin, n; c < end; c += n) {
      double sums[LK_TILE] = {0};
      n = end - c < LK_TILE ? end - c : LK_TILE;
      LK(adafactor_column_sums)(call, 0, call->rows, c, n, sums);
      LK(adafactor_column_means)(call, c, n, sums);
    }
    return;
  case lk_pass_column_sums: {
    double *sums = plan->sums + begin / plan->height * LK_TILE;
    memset(sums, 0, (size_t)call->columns * sizeof *sums);
    LK(adafactor_column_sums)(call, begin, end, 0, call->columns, sums);
    return;
  }
  case lk_pass_added_sums:
    for (int64_t k = 1; k < plan->heights; ++k)
      for (int64_t c = 0; c < call->columns; ++c)
        plan->sums[c] += plan->sums[k * LK_TILE + c];
    LK(adafactor_column_means)(call, 0, call->columns, plan->sums);
    return;
  default:
    break;
  }
  // A vector is a single row, cut into blocks of columns.
  int is_matrix = call->row_means != 0;
  int64_t first = is_matrix ? begin : 0, last = is_matrix ? end : 1;
  int64_t left = is_matrix ? 0 : begin, right = is_matrix ? call->columns : end;
  for (int64_t row = first; row < last; ++row) {
    double sum = 0;
    for (int64_t c = left, n; c < right; c += n) {
      n = right - c < LK_TILE ? right - c : LK_TILE;
      int64_t offset = row * call->columns + c;
      if (plan->pass == lk_pass_rows) {
        sum += LK(adafactor_square_sum)(LK(adafactor_gradient)(call, offset, n, tile), n);
        continue;
      }
      LK(adafactor_steps)(plan, row, c, n, tile);
      if (plan->pass == lk_pass_size) {
        sum += LK(adafactor_square_sum)(tile, n);
      } else {
        LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) w[offset + j] = keep * w[offset + j] - length * tile[j];
      }
    }
    if (plan->pass == lk_pass_rows) {
      LK_T *means = call->row_means;
      means[row] = LK(approach)(means[row], (LK_T)(sum / (double)call->columns), share);
    } else {
      partial->value += sum;
    }
  }
}
