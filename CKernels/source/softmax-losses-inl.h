// The softmax losses of one row: its value, and its slopes tile by tile. Included once per scalar and instruction set.

#define LK_SOFTMAX_MAP_softmax(name)                                                                                   \
  static void LK(name##_class_map)(const LK_T *restrict log, const LK_T *restrict p, const LK_T *restrict other,       \
                                   const LK_T *restrict k, LK_T *restrict value, LK_T *restrict slope,                 \
                                   LK_T *restrict bend, int64_t n) {                                                   \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) {                                                                    \
      LK(class_point) point = LK(name##_class)(log[j], p[j], other[j], k);                                             \
      value[j] = point.value;                                                                                          \
      slope[j] = point.slope;                                                                                          \
      bend[j] = other[j] == 0 ? 0 : point.bend;                                                                        \
    }                                                                                                                  \
  }
#define LK_SOFTMAX_MAP_rows(name)
#define LK_SOFTMAX_MAP_labels(name)
#define LK_SOFTMAX_MAP(name, kind, count, first, second) LK_SOFTMAX_MAP_##kind(name)
LK_CATEGORICAL_LOSSES(LK_SOFTMAX_MAP)

typedef void (*LK(class_map))(const LK_T *restrict log, const LK_T *restrict p, const LK_T *restrict other,
                              const LK_T *restrict k, LK_T *restrict value, LK_T *restrict slope, LK_T *restrict bend,
                              int64_t n);
#define LK_SOFTMAX_ROW_softmax(name) LK(name##_class_map)
#define LK_SOFTMAX_ROW_rows(name) 0
#define LK_SOFTMAX_ROW_labels(name) 0
#define LK_SOFTMAX_ROW(name, kind, count, first, second) LK_SOFTMAX_ROW_##kind(name),
static const LK(class_map) LK(class_maps)[lk_categorical_count] = {LK_CATEGORICAL_LOSSES(LK_SOFTMAX_ROW)};

// Some classes of a row, or the labels of several rows: what goes into a map and what comes out.
typedef struct {
  _Alignas(64) LK_T log[LK_CLASS_TILE];
  _Alignas(64) LK_T p[LK_CLASS_TILE];
  _Alignas(64) LK_T other[LK_CLASS_TILE];
  _Alignas(64) LK_T value[LK_CLASS_TILE];
  _Alignas(64) LK_T slope[LK_CLASS_TILE];
  _Alignas(64) LK_T bend[LK_CLASS_TILE];
  _Alignas(64) LK_T target[LK_CLASS_TILE];
} LK(class_tile);

// What follows from the softmax alone.
static void LK(finish_softmax)(LK(row_state) * state) {
  double rest = state->softmax.rest, sum = 1 + rest;
  state->log = LK(log1p)((LK_T)rest);
  state->top_p = (LK_T)(1 / sum);
  state->top_other = (LK_T)(rest / sum);
}

// Minus the sum of the exponentials of all classes but the label.
LK_INLINE LK_T LK(minus_others)(const LK(row_state) * state) {
  double rest = state->softmax.rest;
  return (LK_T) - (state->row.label == state->softmax.top ? rest : 1 + rest - (double)state->at_label);
}

// The loss of a row whose target is a single class, with the logit `z`. Where the label is the maximum, the loss is
// ln(1 + rest), to which nothing is added.
static double LK(single_class)(LK(row_state) * state, LK_T z) {
  LK(finish_softmax)(state);
  LK_T k[LK_MAX_PARAMETERS];
  memcpy(k, state->k, sizeof k);
  int is_top = state->row.label == state->softmax.top;
  LK_T away = state->softmax.max - z;
  LK_T log = -(away + state->log);
  state->at_label = LK(exp_neg)(-away);
  state->total = 1, state->total_bend = 0;
  LK_T value = -log;
  if (state->call->loss != lk_categorical_cross_entropy) {
    LK(class_tile) tile;
    LK_T p = is_top ? state->top_p : state->at_label * state->top_p;
    for (int j = 0; j < LK_GROUP; ++j)
      tile.log[j] = log, tile.p[j] = p, tile.other[j] = is_top ? state->top_other : 1 - p;
    LK(class_maps)[state->call->loss](tile.log, tile.p, tile.other, k, tile.value, tile.slope, tile.bend, LK_GROUP);
    value = tile.value[0];
    state->total = tile.slope[0];
    state->total_bend = tile.other[0] == 0 ? 0 : tile.bend[0] / tile.other[0];
  }
  state->total_beside = is_top ? 0 : state->total;
  state->beside_bend = is_top ? 0 : state->total_bend;
  return (double)value;
}

// Evaluates classes k … k + n; what lies between n and whole groups is something finite of target 0.
LK_APART void LK(evaluate_classes)(const LK(row_state) * state, int64_t k, int64_t n, int with_p,
                                   LK(class_tile) * tile) {
  int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP, top = state->softmax.top - k;
  LK_T max = state->softmax.max, log = state->log, top_p = state->top_p;
  LK(stage)(tile->value, state->z + k, max, n, padded);
  LK(fill_targets)(state, k, n, tile->target);
  for (int64_t j = n; j < padded; ++j)
    tile->target[j] = 0;
  padded &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(1) for (int64_t j = 0; j < padded; ++j) tile->log[j] = -((max - tile->value[j]) + log);
  if (with_p) {
    LK_LOOP_OF(1) for (int64_t j = 0; j < padded; ++j) {
      LK_T p = LK(exp_neg)(tile->value[j] - max) * top_p;
      tile->p[j] = p;
      tile->other[j] = 1 - p;
    }
    if (top >= 0 && top < n)
      tile->other[top] = state->top_other;
  }
  LK(class_maps)
  [state->call->loss](tile->log, tile->p, tile->other, state->k, tile->value, tile->slope, tile->bend, padded);
}

// The loss of a row of several classes, and the sums that its slopes need: the maximum is left out of them until last,
// so that what the others sum to keeps its relative accuracy.
static double LK(all_classes)(LK(row_state) * state) {
  const lk_categorical_call *call = state->call;
  LK(finish_softmax)(state);
  if (lk_smoothing(call) != 0) {
    int64_t count = LK(row_count)(state->z, call->classes);
    state->spread = count == 0 ? 0 : (LK_T)(lk_smoothing(call) / (double)count);
  }
  int with_p = call->loss != lk_categorical_cross_entropy;
  double values[LK_LANES] = {0}, slopes[LK_LANES] = {0}, bends[LK_LANES] = {0};
  double top_value = 0, top_slope = 0, top_bend = 0;
  LK(class_tile) tile;
  if (!with_p)
    for (int j = 0; j < LK_CLASS_TILE; ++j)
      tile.p[j] = 0, tile.other[j] = 1;
  for (int64_t k = 0, n; k < call->classes; k += n) {
    n = call->classes - k < LK_CLASS_TILE ? call->classes - k : LK_CLASS_TILE;
    LK(evaluate_classes)(state, k, n, with_p, &tile);
    for (int64_t j = 0; call->curvature && j < n; ++j)
      tile.bend[j] = tile.other[j] == 0 ? 0 : tile.bend[j] / tile.other[j];
    int64_t top = state->softmax.top - k;
    if (top >= 0 && top < n) {
      double t = (double)tile.target[top];
      top_value = t == 0 ? 0 : t * (double)tile.value[top];
      top_slope = t == 0 ? 0 : t * (double)tile.slope[top];
      top_bend = t == 0 ? 0 : t * (double)tile.bend[top];
      tile.target[top] = 0;
    }
    LK(weighted_sum)(values, tile.value, tile.target, n);
    LK(weighted_sum)(slopes, tile.slope, tile.target, n);
    if (call->curvature)
      LK(weighted_sum)(bends, tile.bend, tile.target, n);
  }
  double beside = lk_fold(slopes), bend = lk_fold(bends);
  state->total_beside = (LK_T)beside;
  state->total = (LK_T)(beside + top_slope);
  state->beside_bend = (LK_T)bend;
  state->total_bend = (LK_T)(bend + top_bend);
  return lk_fold(values) + top_value;
}

// The gradient p C − t c, with C = Σ t c, or the diagonal of the Hessian p (1 − p) C − p² D − t (1 − p)² dc/d ln p,
// with D = Σ t dc/d ln p over the other classes. At the maximum p C − t c is p Σ' t c − t c (1 − p), Σ' being that of
// the others: elsewhere p ≤ ½, and 1 − p is no less accurate.
LK_APART void LK(softmax_slopes)(const LK(row_state) * state, int64_t k, int64_t n, int is_curvature,
                                 LK_T *restrict to) {
  LK(class_tile) tile;
  LK(evaluate_classes)(state, k, n, 1, &tile);
  int64_t top = state->softmax.top - k;
  LK_T total = state->total, bends = state->total_bend;
  if (!is_curvature) {
    LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) to[j] = tile.p[j] * total - tile.target[j] * tile.slope[j];
    if (top >= 0 && top < n)
      to[top] = state->top_p * state->total_beside - tile.target[top] * tile.slope[top] * state->top_other;
    return;
  }
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) {
    LK_T p = tile.p[j], other = tile.other[j], own = tile.target[j] * tile.bend[j];
    LK_T own_bend = other == 0 ? 0 : own / other;
    to[j] = p * other * total - p * p * (bends - own_bend) - own * other;
  }
  if (top >= 0 && top < n) {
    LK_T p = state->top_p, other = state->top_other;
    to[top] = p * other * total - p * p * state->beside_bend - tile.target[top] * tile.bend[top] * other;
  }
}

// Of a direction v: pᵀu with u = v − v_top, which is 0 at the top. What p (v − pᵀv) is at the top, −p pᵀu, then keeps
// its accuracy where p is nearly 1.
static LK_T LK(softmax_mean)(const LK(row_state) * state) {
  const lk_categorical_call *call = state->call;
  const LK_T *v = (const LK_T *)call->direction + state->index * call->direction_stride, at_top = v[state->softmax.top];
  double lanes[LK_LANES] = {0};
  for (int64_t k = 0, n; k < call->classes; k += n) {
    LK_T e[LK_TILE], u[LK_TILE];
    n = call->classes - k < LK_TILE ? call->classes - k : LK_TILE;
    LK(exp_tile)(state->z + k, state->softmax.max, e, n);
    LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) u[j] = v[k + j] - at_top;
    LK(weighted_sum)(lanes, u, e, n);
  }
  return (LK_T)(lk_fold(lanes) / (1 + state->softmax.rest));
}

// p (u − pᵀu) C, the Hessian of the cross-entropy times a direction v.
static void LK(softmax_product)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict to) {
  const lk_categorical_call *call = state->call;
  const LK_T *v = (const LK_T *)call->direction + state->index * call->direction_stride;
  LK_T max = state->softmax.max, scale = state->top_p * state->total, mean = state->mean,
       at_top = v[state->softmax.top];
  const LK_T *z = state->z + k;
  v += k;
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) to[j] = LK(exp_neg)(z[j] - max) * scale * ((v[j] - at_top) - mean);
}
