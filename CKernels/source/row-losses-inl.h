// The losses of a row of scores that are no function of its softmax: the value of a row first, which leaves in the
// state what the slopes need, then these tile by tile. Included once per scalar and instruction set.

// Σ of x over classes [begin, end) of f(k, n, x), which fills a tile.
typedef void (*LK(tile_filler))(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x);

LK_APART double LK(row_sum)(const LK(row_state) * state, LK(tile_filler) fill) {
  double lanes[LK_LANES] = {0};
  LK_T tile[LK_CLASS_TILE];
  for (int64_t k = 0, n; k < state->call->classes; k += n) {
    n = state->call->classes - k < LK_CLASS_TILE ? state->call->classes - k : LK_CLASS_TILE;
    fill(state, k, n, tile);
    LK(sum_any)(lanes, tile, n);
  }
  return lk_fold(lanes);
}

// −ln p; below the least normal number its tangent there, which is finite at 0.
LK_INLINE LK_T LK(raised)(LK_T p) {
  LK_T least = (LK_T)(LK_IS_F64 ? 0x1p-1022 : 0x1p-126);
  return p < least ? least : p;
}
LK_INLINE LK_T LK(minus_log)(LK_T p) {
  LK_T raised = LK(raised)(p);
  return (p < raised ? 1 - p / raised : 0) - LK(log)(raised);
}

static void LK(log_likelihood_terms)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x) {
  const LK_T *z = state->z + k;
  LK(fill_targets)(state, k, n, x);
  LK_LOOP for (int64_t j = 0; j < n; ++j) x[j] = -LK(times)(x[j], z[j]);
}

static void LK(likelihood_terms)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x) {
  const LK_T *z = state->z + k;
  LK(fill_targets)(state, k, n, x);
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) x[j] = LK(times)(x[j], LK(minus_log)(z[j]));
}

// A hinge: max(0, m + x), its slope with the midpoint at the kink, and a NaN where x is one.
LK_INLINE LK_T LK(positive_part)(LK_T x) { return x <= 0 ? 0 : x; }
LK_INLINE LK_T LK(hinge_step)(LK_T x) { return x > 0 ? 1 : x < 0 ? 0 : (LK_T)0.5 + x; }

// Whether a NaN is among n numbers.
LK_APART int LK(row_has_nan)(const LK_T *x, int64_t n) {
  LK_INT found = 0;
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) found |= !(x[j] == x[j]);
  return found != 0;
}

// The greatest score of a class that is not the label, the first of several, or the first NaN; −1 where there is only
// one class.
LK_APART int64_t LK(find_rival)(const LK_T *z, int64_t label, int64_t n) {
  LK_T before = LK(row_max)(z, label), after = LK(row_max)(z + label + 1, n - label - 1);
  if (n == 1)
    return -1;
  if (LK(row_has_nan)(z, n)) {
    int64_t k = label > 0 ? 0 : 1;
    while (k < n && (k == label || z[k] == z[k]))
      ++k;
    return k < n ? k : label > 0 ? 0 : 1;
  }
  if (label > 0 && !(after > before)) {
    int64_t k = LK(row_find)(z, before, label);
    return k < label ? k : 0;
  }
  int64_t k = LK(row_find)(z + label + 1, after, n - label - 1);
  return label + 1 + (k < n - label - 1 ? k : 0);
}

// max(0, margin + z_rival − z_y).
LK_APART double LK(crammer_singer_value)(LK(row_state) * state, LK_T margin) {
  int64_t y = state->row.label;
  state->rival = LK(find_rival)(state->z, y, state->call->classes);
  LK_T x = state->rival < 0 ? -1 : margin + (state->z[state->rival] - state->z[y]);
  state->step = LK(hinge_step)(x);
  return (double)LK(positive_part)(x);
}

// The slopes of max(0, margin + z_j − z_y)^power by z_j, the label's own left out; `terms` are the values.
LK_INLINE void LK(weston_watkins_terms)(const LK(row_state) * state, int64_t k, int64_t n, int derivative,
                                        LK_T *restrict x) {
  const LK_T *z = state->z + k;
  LK_T margin = state->k[1], label = state->at_label;
  int64_t own = state->row.label - k;
  int is_squared = state->k[0] == 2;
  LK_LOOP for (int64_t j = 0; j < n; ++j) {
    LK_T a = margin + (z[j] - label), part = LK(positive_part)(a), step = LK(hinge_step)(a);
    LK_T value = is_squared ? part * part : part, slope = is_squared ? part + part : step;
    x[j] = derivative == 0 ? value : derivative == 1 ? slope : is_squared ? step + step : 0;
  }
  if (own >= 0 && own < n)
    x[own] = 0;
}
static void LK(weston_watkins_values)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x) {
  LK(weston_watkins_terms)(state, k, n, 0, x);
}
static void LK(weston_watkins_slopes)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x) {
  LK(weston_watkins_terms)(state, k, n, 1, x);
}
static void LK(weston_watkins_bends)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict x) {
  LK(weston_watkins_terms)(state, k, n, 2, x);
}

// The threshold τ of the projection on the simplex, in units of z − max: Σ max(0, z − max − τ) = 1. Newton's method on
// a convex piecewise linear function rises from τ = −1 to the solution, and ends when the support no longer shrinks.
static double LK(find_threshold)(LK(row_state) * state) {
  LK_T max = LK(row_max)(state->z, state->call->classes);
  state->softmax.max = max = max + (max - max);
  double threshold = -1;
  for (;;) {
    double lanes[LK_LANES] = {0}, counts[LK_LANES] = {0};
    for (int64_t k = 0; k < state->call->classes; k += LK_TILE) {
      int64_t n = state->call->classes - k < LK_TILE ? state->call->classes - k : LK_TILE;
      const LK_T *z = state->z + k;
      double x[LK_TILE], counted[LK_TILE];
      LK_LOOP for (int64_t j = 0; j < n; ++j) {
        double d = (double)z[j] - (double)max;
        int is_below = d <= threshold; // a NaN is not, and shows in the sum
        x[j] = is_below ? 0 : d;
        counted[j] = is_below ? 0 : 1;
      }
      sum_any_f64(lanes, x, n);
      sum_any_f64(counts, counted, n);
    }
    double count = lk_fold(counts), next = (lk_fold(lanes) - 1) / count;
    state->support = (int64_t)count;
    if (!(next > threshold))
      return next == next ? threshold : next;
    threshold = next;
  }
}

LK_INLINE double LK(sparsemax_at)(LK_T z, LK_T max, double threshold) {
  double x = ((double)z - (double)max) - threshold;
  return x <= 0 ? 0 : x;
}

// ½‖p − q‖² + Σ q_j max(0, τ − z_j): all terms are positive, where those of the textbook cancel. Where q does not sum
// to 1 there is (1 − Σq) τ besides.
static double LK(sparsemax_value)(LK(row_state) * state, double *others) {
  double lanes[LK_LANES] = {0}, sums[LK_LANES] = {0}, squares[LK_LANES] = {0};
  double threshold = state->threshold;
  LK_T max = state->softmax.max;
  for (int64_t k = 0, n; k < state->call->classes; k += n) {
    n = state->call->classes - k < LK_CLASS_TILE ? state->call->classes - k : LK_CLASS_TILE;
    const LK_T *z = state->z + k;
    LK_T target[LK_CLASS_TILE];
    double beside[LK_CLASS_TILE], outside[LK_CLASS_TILE], away[LK_CLASS_TILE];
    LK(fill_targets)(state, k, n, target);
    int64_t own = state->row.label - k;
    LK_LOOP for (int64_t j = 0; j < n; ++j) {
      double p = LK(sparsemax_at)(z[j], max, threshold), q = (double)target[j];
      double below = threshold - ((double)z[j] - (double)max);
      beside[j] = state->row.label < 0 ? q : p;
      outside[j] = q == 0 || below <= 0 ? 0 : q * below;
      away[j] = (p - q) * (p - q);
    }
    if (state->row.label >= 0 && own >= 0 && own < n)
      beside[own] = 0, away[own] = 0;
    sum_any_f64(sums, beside, n);
    sum_any_f64(lanes, outside, n);
    sum_any_f64(squares, away, n);
  }
  double sum = lk_fold(sums), square = lk_fold(squares), value = lk_fold(lanes);
  if (state->row.label < 0)
    return 0.5 * square + value + (sum == 1 ? 0 : (1 - sum) * (threshold + (double)max));
  *others = sum;
  return 0.5 * (square + sum * sum) + value;
}

// The loss of the row.
static double LK(row_value)(LK(row_state) * state) {
  int64_t y = state->row.label;
  state->at_label = y >= 0 ? state->z[y] : 0;
  double others = 0, value;
  switch (state->call->loss) {
  case lk_categorical_log_likelihood:
    return y >= 0 ? -(double)state->z[y] : LK(row_sum)(state, LK(log_likelihood_terms));
  case lk_categorical_likelihood:
    return y >= 0 ? (double)LK(minus_log)(state->z[y]) : LK(row_sum)(state, LK(likelihood_terms));
  case lk_categorical_crammer_singer:
    return LK(crammer_singer_value)(state, state->k[0]);
  case lk_categorical_perceptron:
    return LK(crammer_singer_value)(state, 0);
  case lk_categorical_weston_watkins:
    state->step = (LK_T)LK(row_sum)(state, LK(weston_watkins_slopes));
    return LK(row_sum)(state, LK(weston_watkins_values));
  default:
    state->threshold = LK(find_threshold)(state);
    value = LK(sparsemax_value)(state, &others);
    state->step = (LK_T)others;
    return value;
  }
}

// The gradient or the diagonal of the Hessian.
LK_APART void LK(row_slopes)(const LK(row_state) * state, int64_t k, int64_t n, int is_curvature, LK_T *restrict to) {
  const LK_T *z = state->z + k;
  int64_t own = state->row.label - k;
  int has_own = state->row.label >= 0 && own >= 0 && own < n;
  switch (state->call->loss) {
  case lk_categorical_log_likelihood:
    LK(fill_targets)(state, k, n, to);
    LK_LOOP for (int64_t j = 0; j < n; ++j) to[j] = is_curvature ? 0 : -to[j];
    break;
  case lk_categorical_likelihood:
    LK(fill_targets)(state, k, n, to);
    LK_LOOP for (int64_t j = 0; j < n; ++j) {
      LK_T p = LK(raised)(z[j]);
      LK_T bend = z[j] < p ? 0 : to[j] / p;
      to[j] = to[j] == 0 ? 0 : (is_curvature ? bend : -to[j]) / p;
    }
    break;
  case lk_categorical_crammer_singer:
  case lk_categorical_perceptron:
    memset(to, 0, (size_t)n * sizeof *to);
    if (is_curvature)
      break;
    if (state->rival >= k && state->rival < k + n)
      to[state->rival - k] = state->step;
    if (has_own)
      to[own] = -state->step;
    break;
  case lk_categorical_weston_watkins:
    if (is_curvature)
      LK(weston_watkins_bends)(state, k, n, to);
    else
      LK(weston_watkins_slopes)(state, k, n, to);
    if (has_own)
      to[own] = is_curvature ? (LK_T)LK(row_sum)(state, LK(weston_watkins_bends)) : -state->step;
    break;
  default: {
    LK_T target[LK_CLASS_TILE], bend = 1 - 1 / (LK_T)state->support, max = state->softmax.max;
    double threshold = state->threshold;
    LK(fill_targets)(state, k, n, target);
    LK_LOOP for (int64_t j = 0; j < n; ++j) {
      double p = LK(sparsemax_at)(z[j], max, threshold);
      to[j] = is_curvature ? (p > 0 ? bend : (LK_T)p) : (LK_T)(p - (double)target[j]);
    }
    if (has_own && !is_curvature)
      to[own] = -state->step;
  }
  }
}
