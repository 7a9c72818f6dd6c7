// The block functions of lk_categorical: rows one after the other, whatever the loss. Included once per scalar and
// instruction set, after pointwise-inl.h.

#include "softmax-inl.h"

#if LK_IS_F64
// Classes that are evaluated at a time where more than the exponentials is needed.
enum { LK_CLASS_TILE = 256 };

// What the targets and the weights say about a row.
typedef struct {
  int64_t label; // −1: a distribution
  double factor; // of the row's loss; where it is 0 the row is as if deleted
  double weight; // its part of the denominator of a mean
} lk_row;

// As many of them as there are lanes.
typedef struct {
  int64_t label[LK_LANES];
  double factor[LK_LANES];
  double weight[LK_LANES];
} lk_row_lanes;

static inline int64_t lk_label(const lk_categorical_call *call, int64_t i) {
  switch (call->target_kind) {
  case lk_classes_u8:
    return ((const uint8_t *)call->targets)[i];
  case lk_classes_i32:
    return ((const int32_t *)call->targets)[i];
  default:
    return ((const int64_t *)call->targets)[i];
  }
}

static inline double lk_smoothing(const lk_categorical_call *call) {
  return call->loss == lk_categorical_cross_entropy ? call->parameters[0] : 0;
}
#endif

// Σ a b over a row, in double.
LK_APART double LK(row_dot)(const LK_T *a, const LK_T *b, int64_t n) {
  double lanes[LK_LANES] = {0};
  for (int64_t i = 0, length; i < n; i += length) {
    length = n - i < LK_TILE ? n - i : LK_TILE;
    LK(weighted_sum)(lanes, a + i, b + i, length);
  }
  return lk_fold(lanes);
}

// Reads the weight and the target of row i; returns 0 where one of them is not allowed.
LK_APART int LK(read_row)(const lk_categorical_call *call, int64_t i, lk_row *row, lk_partial *partial) {
  const LK_T *weights = call->weights, *class_weights = call->class_weights;
  double weight = weights ? (double)weights[i] : 1, share = 1;
  *row = (lk_row){.label = -1};
  partial->bad_index = i;
  partial->status = lk_bad_weight;
  if (weights && !LK(weight_is_good)(weights[i]))
    return 0;
  partial->status = lk_bad_target;
  if (weight != 0 && call->target_kind == lk_classes_distribution) {
    const LK_T *q = (const LK_T *)call->targets + i * call->target_stride;
    int64_t bad = LK(find_bad_weight)(q, call->classes);
    partial->bad_index = i * call->classes + bad;
    if (bad >= 0)
      return 0;
    if (class_weights)
      share = LK(row_dot)(q, class_weights, call->classes);
  } else if (weight != 0) {
    row->label = lk_label(call, i);
    if (call->has_ignored && row->label == call->ignored)
      weight = 0;
    else if (row->label < 0 || row->label >= call->classes)
      return 0;
    else if (class_weights)
      share = (double)class_weights[row->label];
  }
  partial->status = lk_ok;
  // The weight of the only class of a target is a factor of the loss, wherever it belongs.
  int is_factor = call->weighting == lk_weighting_samples || (row->label >= 0 && lk_smoothing(call) == 0);
  row->factor = is_factor ? weight * share : weight;
  row->weight = call->weighting == lk_weighting_losses ? weight : weight * share;
  return 1;
}

// n rows, at most LK_LANES; what is beyond them has the factor 0. The most common case does not look at each row by
// itself.
LK_APART int LK(read_rows)(const lk_categorical_call *call, int64_t i, int64_t n, lk_row_lanes *rows,
                           lk_partial *partial) {
  if (!call->weights && !call->class_weights && !call->has_ignored && call->target_kind != lk_classes_distribution) {
    uint64_t greatest = 0;
    for (int64_t r = 0; r < n; ++r)
      rows->label[r] = lk_label(call, i + r);
    for (int64_t r = 0; r < n; ++r)
      greatest = (uint64_t)rows->label[r] > greatest ? (uint64_t)rows->label[r] : greatest;
    for (int64_t r = 0; r < LK_LANES; ++r)
      rows->factor[r] = rows->weight[r] = r < n ? 1 : 0;
    if (greatest < (uint64_t)call->classes)
      return 1;
  }
  for (int64_t r = 0; r < LK_LANES; ++r) {
    lk_row row = {.label = -1};
    if (r < n && !LK(read_row)(call, i + r, &row, partial))
      return 0;
    rows->label[r] = row.label, rows->factor[r] = row.factor, rows->weight[r] = row.weight;
  }
  return 1;
}

// A row under evaluation, and what the passes over it have found.
typedef struct {
  const lk_categorical_call *call;
  lk_row row;
  int64_t index;
  const LK_T *z;
  LK_T k[LK_MAX_PARAMETERS];
  LK_T spread; // what smoothing gives to each class

  LK(softmax) softmax;
  LK_T log;                     // ln Σ exp(z − max)
  LK_T top_p, top_other;        // the softmax at the maximum, and 1 minus that
  LK_T total, total_beside;     // Σ t c, and the same without the maximum
  LK_T total_bend, beside_bend; // Σ t dc/d ln p likewise
  LK_T at_label;                // the exponential, or the score, of the label
  LK_T mean;                    // pᵀv of a direction v
  double threshold;             // of sparsemax
  LK_T step;                    // minus the slope at the label
  int64_t rival, support;       // the greatest other class; how many classes sparsemax keeps
} LK(row_state);

// The target of classes k … k + n, smoothed and weighted.
LK_APART void LK(fill_targets)(const LK(row_state) * state, int64_t k, int64_t n, LK_T *restrict t) {
  const lk_categorical_call *call = state->call;
  const LK_T *weights = call->class_weights;
  if (state->row.label < 0) {
    const LK_T *q = (const LK_T *)call->targets + state->index * call->target_stride + k;
    LK_LOOP for (int64_t j = 0; j < n; ++j) t[j] = q[j];
  } else {
    memset(t, 0, (size_t)n * sizeof *t);
    if (state->row.label >= k && state->row.label < k + n)
      t[state->row.label - k] = 1;
  }
  LK_T smoothing = (LK_T)lk_smoothing(call), keep = 1 - smoothing, spread = state->spread;
  if (smoothing != 0) {
    const LK_T *z = state->z + k;
    LK_LOOP for (int64_t j = 0; j < n; ++j) t[j] = keep * t[j] + (z[j] == LK_MINUS_INFINITY ? 0 : spread);
  }
  if (weights && call->weighting != lk_weighting_samples && (state->row.label < 0 || smoothing != 0)) {
    LK_LOOP for (int64_t j = 0; j < n; ++j) t[j] *= weights[k + j];
  }
}

#include "losses/categorical-inl.h"
#include "row-losses-inl.h"
#include "softmax-losses-inl.h"

// What a call wants from each row, and where the results of a block are added up.
typedef struct {
  const lk_categorical_plan *plan;
  int64_t scratch; // the row of the gradient that holds exponentials; −1: none does
  int64_t ahead;   // how far ahead memory is asked for
  double *lanes;
} LK(row_run);

#include "few-classes-inl.h"

LK_INLINE LK_T *LK(row_of)(void *matrix, int64_t stride, int64_t i) { return (LK_T *)matrix + i * stride; }

// A row that does not count: its results are 0, and where results are added to what is there they change nothing.
static void LK(clear_row)(const lk_categorical_call *call, int64_t i) {
  size_t size = (size_t)call->classes * sizeof(LK_T);
  if (call->gradient && !call->accumulate)
    memset(LK(row_of)(call->gradient, call->gradient_stride, i), 0, size);
  if (call->curvature && !call->accumulate)
    memset(LK(row_of)(call->curvature, call->curvature_stride, i), 0, size);
}

// The gradient or the curvature of a row, tile by tile.
static void LK(store_slopes)(const LK(row_run) * run, const LK(row_state) * state, LK_T *to, int is_curvature,
                             LK_T factor) {
  const lk_categorical_call *call = run->plan->call;
  _Alignas(64) LK_T tile[LK_CLASS_TILE];
  int is_softmax = lk_categorical_kinds[call->loss] == lk_kind_softmax;
  for (int64_t k = 0, n; k < call->classes; k += n) {
    n = call->classes - k < LK_CLASS_TILE ? call->classes - k : LK_CLASS_TILE;
    if (is_softmax && call->direction && !is_curvature)
      LK(softmax_product)(state, k, n, tile);
    else if (is_softmax)
      LK(softmax_slopes)(state, k, n, is_curvature, tile);
    else
      LK(row_slopes)(state, k, n, is_curvature, tile);
    LK(store)(to + k, tile, factor, call->accumulate, run->plan->streaming, n);
  }
}

// The gradient of a softmax loss whose target is a single class: one factor times the exponentials, in `e` where that
// is not null, but for the label, whose own component is minus the sum of the others.
static void LK(store_exponentials)(const LK(row_run) * run, const LK(row_state) * state, LK_T *e, LK_T *to,
                                   double factor) {
  const lk_categorical_call *call = run->plan->call;
  double sum = 1 + state->softmax.rest;
  LK_T scale = (LK_T)(factor * (double)state->total / sum), label = LK(minus_others)(state);
  int64_t y = state->row.label;
  if (e) {
    e[y] = label;
    if (e == to)
      LK(scale_row)(to, scale, call->classes);
    else
      LK(store)(to, e, scale, call->accumulate, run->plan->streaming, call->classes);
    return;
  }
  _Alignas(64) LK_T tile[LK_TILE];
  for (int64_t k = 0, n; k < call->classes; k += n) {
    n = call->classes - k < LK_TILE ? call->classes - k : LK_TILE;
    LK(exp_tile)(state->z + k, state->softmax.max, tile, n);
    if (y >= k && y < k + n)
      tile[y - k] = label;
    LK(store)(to + k, tile, scale, call->accumulate, run->plan->streaming, n);
  }
}

static void LK(evaluate_row)(const LK(row_run) * run, LK(row_state) * state, int64_t lane) {
  const lk_categorical_call *call = run->plan->call;
  int64_t i = state->index;
  state->z = (const LK_T *)call->predictions + i * call->prediction_stride;
  LK_T *values = call->values;
  if (state->row.factor == 0) {
    LK(clear_row)(call, i);
    if (values)
      values[i] = 0;
    return;
  }
  LK_T *gradient = call->gradient ? LK(row_of)(call->gradient, call->gradient_stride, i) : 0;
  double factor = run->plan->factor * state->row.factor, value;
  int is_single = 0;
  // The exponentials of a short row stay on the stack, those of a long one in a row of the gradient.
  _Alignas(64) LK_T tile[LK_ROW_TILE];
  LK_T *e = 0;
  if (lk_categorical_kinds[call->loss] == lk_kind_softmax) {
    is_single = state->row.label >= 0 && lk_smoothing(call) == 0;
    if (gradient && is_single && !call->direction)
      e = call->classes <= LK_ROW_TILE ? tile
          : gradient == state->z       ? gradient
          : run->scratch >= 0          ? LK(row_of)(call->gradient, call->gradient_stride, run->scratch)
                                       : 0;
    LK_T at_label = is_single ? state->z[state->row.label] : 0;
    LK(later) later = {state->z + run->ahead, gradient && !run->plan->streaming ? gradient : state->z + run->ahead};
    // The curvature needs 1 − p of every class, which is accurate around the maximum only.
    if (is_single && call->curvature) {
      state->softmax = LK(softmax_row)(state->z, 0, call->classes, later);
      LK(single_class)(state, at_label);
      LK(store_slopes)(run, state, LK(row_of)(call->curvature, call->curvature_stride, i), 1, (LK_T)factor);
    }
    state->softmax = is_single && !call->direction
                         ? LK(softmax_of_label)(state->row.label, state->z, e, call->classes, later)
                         : LK(softmax_row)(state->z, e, call->classes, later);
    value = is_single ? LK(single_class)(state, at_label) : LK(all_classes)(state);
    if (call->direction)
      state->mean = LK(softmax_mean)(state);
  } else {
    value = LK(row_value)(state);
  }
  run->lanes[lane] += state->row.factor * value;
  if (values)
    values[i] = (LK_T)(state->row.factor * value);
  if (call->curvature && !is_single)
    LK(store_slopes)(run, state, LK(row_of)(call->curvature, call->curvature_stride, i), 1, (LK_T)factor);
  if (gradient && is_single && !call->direction)
    LK(store_exponentials)(run, state, e, gradient, factor);
  else if (gradient)
    LK(store_slopes)(run, state, gradient, 0, (LK_T)factor);
}

static void LK(categorical_block)(const lk_categorical_plan *plan, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_categorical_call *call = plan->call;
  double lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0};
  int64_t page = 8 * 1024 / (int64_t)sizeof(LK_T);
  LK(row_run)
  run = {
      .plan = plan,
      .scratch = call->accumulate     ? -1
                 : plan->scratch >= 0 ? plan->scratch
                                      : end - 1,
      .ahead = call->prediction_stride > page ? call->prediction_stride : page,
      .lanes = lanes,
  };
  if (LK(is_side_by_side)(call)) {
    for (int64_t i = begin, n; i < end; i += n) {
      lk_row_lanes rows;
      n = end - i < LK_LANES ? end - i : LK_LANES;
      if (!LK(read_rows)(call, i, n, &rows, partial))
        return;
      for (int j = 0; j < LK_LANES; ++j)
        weight_lanes[j] += rows.weight[j];
      LK(evaluate_few)(&run, &rows, i, n);
    }
  } else {
    LK(row_state) state = {.call = call};
    for (int p = 0; p < LK_MAX_PARAMETERS; ++p)
      state.k[p] = (LK_T)call->parameters[p];
    for (int64_t i = begin; i < end; ++i) {
      int64_t lane = (i - begin) % LK_LANES;
      if (!LK(read_row)(call, state.index = i, &state.row, partial))
        return;
      weight_lanes[lane] += state.row.weight;
      LK(evaluate_row)(&run, &state, lane);
    }
  }
  if (plan->streaming)
    lk_fence();
  partial->value = lk_fold(lanes);
  partial->weight = lk_fold(weight_lanes);
}

static void LK(categorical_weights)(const lk_categorical_plan *plan, int64_t begin, int64_t end, lk_partial *partial) {
  double lanes[LK_LANES] = {0};
  for (int64_t i = begin; i < end; ++i) {
    lk_row row;
    if (!LK(read_row)(plan->call, i, &row, partial))
      return;
    lanes[(i - begin) % LK_LANES] += row.weight;
  }
  partial->weight = lk_fold(lanes);
}
