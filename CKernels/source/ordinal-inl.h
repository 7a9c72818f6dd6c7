// The block function of lk_ordinal. Included once per scalar and instruction set, after categorical-inl.h. What is
// loaded and stored depends on the scalar, what is between does not.

#if LK_IS_F64
// Rows, with the thresholds below and above their classes in units of the score, and what follows from them.
typedef struct {
  _Alignas(64) double below[LK_TILE];
  _Alignas(64) double above[LK_TILE];
  _Alignas(64) double gap[LK_TILE]; // θ_y − θ_{y−1}
  _Alignas(64) double weight[LK_TILE];
  _Alignas(64) double value[LK_TILE];
  _Alignas(64) double gradient[LK_TILE];
  _Alignas(64) double curvature[LK_TILE];
  _Alignas(64) double lower[LK_TILE]; // derivative by the threshold below, and minus that by the one above
  _Alignas(64) double upper[LK_TILE];
  int64_t label[LK_TILE];
} lk_ordinal_tile;

// With a = θ_{y−1} − s, b = θ_y − s and g = b − a the loss is softplus(−b) + softplus(a) − ln(1 − e^−g): all terms are
// positive, where the difference of the two σ cancels.
LK_APART void lk_ordinal_map(lk_ordinal_tile *tile, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(1) for (int64_t j = 0; j < n; ++j) {
    double a = tile->below[j], b = tile->above[j], gap = tile->gap[j];
    double ea = exp_neg_f64(-abs_f64(a)), eb = exp_neg_f64(-abs_f64(b)), eg = exp_neg_f64(-gap);
    odds_parts_f64 oa = odds_split_f64(ea), ob = odds_split_f64(eb);
    double la = oa.log, lb = ob.log, qa = oa.large, qb = ob.large;
    double sa = a > 0 ? qa : ea * qa, ta = a > 0 ? ea * qa : qa; // σ(a), σ(−a)
    double sb = b > 0 ? qb : eb * qb, tb = b > 0 ? eb * qb : qb;
    double rest = -expm1_f64(-gap); // 1 − e^−g
    double narrow = gap > 0.6931471805599453 ? log1p_f64(-eg) : log_f64(rest);
    double ratio = eg / rest; // 1/(e^g − 1)
    tile->value[j] = ((b > 0 ? 0 : -b) + lb) + ((a > 0 ? a : 0) + la) - narrow;
    tile->gradient[j] = tb - sa;
    tile->curvature[j] = sa * ta + sb * tb;
    tile->lower[j] = sa + ratio;
    tile->upper[j] = tb + ratio;
  }
}
#endif

// Reads up to LK_TILE rows; returns 0 where a weight or a label is not allowed.
static int LK(read_ordinal)(const lk_ordinal_call *call, int64_t begin, int64_t n, lk_ordinal_tile *tile,
                            lk_partial *partial) {
  const LK_T *predictions = call->predictions, *thresholds = call->thresholds, *weights = call->weights;
  const lk_categorical_call labels = {.targets = call->targets, .target_kind = call->target_kind};
  const double infinity = __builtin_inf();
  int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
  for (int64_t j = 0; j < padded; ++j) {
    tile->below[j] = -infinity, tile->above[j] = infinity, tile->gap[j] = infinity;
    tile->weight[j] = 0;
    tile->label[j] = 0;
    if (j >= n)
      continue;
    double weight = weights ? (double)weights[begin + j] : 1;
    partial->bad_index = begin + j;
    partial->status = lk_bad_weight;
    if (weights && !LK(weight_is_good)(weights[begin + j]))
      return 0;
    partial->status = lk_ok;
    int64_t y = lk_label(&labels, begin + j);
    if (weight == 0 || (call->has_ignored && y == call->ignored))
      continue;
    partial->status = lk_bad_target;
    if (y < 0 || y >= call->classes)
      return 0;
    partial->status = lk_ok;
    double score = (double)predictions[begin + j];
    tile->weight[j] = weight;
    tile->label[j] = y;
    tile->below[j] = y == 0 ? score != score ? score : -infinity : (double)thresholds[y - 1] - score;
    tile->above[j] = y == call->classes - 1 ? score != score ? score : infinity : (double)thresholds[y] - score;
    if (y > 0 && y < call->classes - 1)
      tile->gap[j] = (double)thresholds[y] - (double)thresholds[y - 1];
  }
  return 1;
}

static void LK(store_ordinal)(LK_T *to, const double *x, const double *weight, double factor, int accumulate,
                              int64_t n) {
  for (int64_t j = 0; to && j < n; ++j) {
    double product = weight[j] == 0 ? 0 : factor * weight[j] * x[j];
    to[j] = (LK_T)(accumulate ? (double)to[j] + product : product);
  }
}

static void LK(ordinal_block)(const lk_ordinal_call *call, double factor, int64_t begin, int64_t end, double *slopes,
                              lk_partial *partial) {
  double lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0};
  LK_T *values = call->values, *gradient = call->gradient, *curvature = call->curvature;
  lk_ordinal_tile tile;
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < LK_TILE ? end - i : LK_TILE;
    if (!LK(read_ordinal)(call, i, n, &tile, partial))
      return;
    sum_any_f64(weight_lanes, tile.weight, n);
    if (factor != factor)
      continue;
    lk_ordinal_map(&tile, (n + LK_GROUP - 1) & -(int64_t)LK_GROUP);
    weighted_sum_f64(lanes, tile.value, tile.weight, n);
    LK(store_ordinal)(values ? values + i : 0, tile.value, tile.weight, 1, 0, n);
    LK(store_ordinal)(gradient ? gradient + i : 0, tile.gradient, tile.weight, factor, call->accumulate, n);
    LK(store_ordinal)(curvature ? curvature + i : 0, tile.curvature, tile.weight, factor, call->accumulate, n);
    for (int64_t j = 0; slopes && j < n; ++j) {
      if (tile.weight[j] == 0)
        continue;
      if (tile.label[j] > 0)
        slopes[tile.label[j] - 1] += tile.weight[j] * tile.lower[j];
      if (tile.label[j] < call->classes - 1)
        slopes[tile.label[j]] -= tile.weight[j] * tile.upper[j];
    }
  }
  partial->value = lk_fold(lanes);
  partial->weight = lk_fold(weight_lanes);
}
