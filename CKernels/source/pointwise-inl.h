// The block functions of lk_pointwise. Included once per scalar and instruction set, after tile-inl.h.

// x[i] times factor × weight, a product taken in double because weights may be of any size; a sample of weight 0 gives
// 0 even where its own result is NaN.
LK_APART void LK(weigh)(LK_T *restrict x, const LK_T *restrict w, double factor, int64_t n) {
  LK_LOOP for (int64_t i = 0; i < n; ++i) x[i] = w[i] == 0 ? 0 : (LK_T)(factor * (double)w[i]) * x[i];
}

LK_APART void LK(stream)(LK_T *restrict to, const LK_T *restrict from, LK_T factor, int64_t n) {
  typedef LK_T vector __attribute__((vector_size(64)));
  typedef LK_T unaligned __attribute__((vector_size(64), aligned(sizeof(LK_T))));
  enum { width = 64 / sizeof(LK_T) };
  int64_t head = (int64_t)((-(uintptr_t)to % 64) / sizeof(LK_T)), i = 0;
  for (; i < head && i < n; ++i)
    to[i] = factor * from[i];
  for (; i + width <= n; i += width)
    __builtin_nontemporal_store(factor * *(const unaligned *)(from + i), (vector *)(to + i));
  for (; i < n; ++i)
    to[i] = factor * from[i];
}

// One value per lane, to an aligned address.
LK_INLINE void LK(stream_lanes)(LK_T *to, const LK_T *from) {
  typedef LK_T vector __attribute__((vector_size(64)));
  for (int k = 0; k < LK_LANES; k += 64 / (int)sizeof(LK_T))
    __builtin_nontemporal_store(*(const vector *)(from + k), (vector *)(to + k));
}

LK_APART void LK(store)(LK_T *to, const LK_T *restrict from, LK_T factor, int accumulate, int streaming, int64_t n) {
  if (accumulate) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) to[i] += factor * from[i];
  } else if (streaming) {
    LK(stream)(to, from, factor, n);
  } else {
    LK_LOOP for (int64_t i = 0; i < n; ++i) to[i] = factor * from[i];
  }
}

// The most used losses evaluate, sum and store in one loop: the plainest ones are limited by memory even in cache, and
// a tile with its passes takes the others 1.15 times as long. The bits are those of the general path. `gradient` may be
// null. Losses of kind `heavy` have such a kernel with AVX-512 (with AVX2 it was no faster), for gradients with their
// default parameters, which are 1, 0.
#define LK_DEFINE_FUSED_light(name, parameters)
#define LK_FUSED_ROW_light(name) 0
#define LK_DEFINE_FUSED_deep(name, parameters)
#define LK_DEFINE_FUSED_wide(name, parameters)
#define LK_FUSED_ROW_deep(name) 0
#define LK_FUSED_ROW_wide(name) 0
// `count` samples, a multiple of LK_LANES, go on side by side.
#define LK_DEFINE_FUSED_OF(name, count, loop)                                                                          \
  LK_INLINE void LK(name##_group)(const LK_T *z, const LK_T *y, const LK_T *restrict k, LK_T factor, double *sums,     \
                                  LK_T *g) {                                                                           \
    LK_T value[count];                                                                                                 \
    loop for (int j = 0; j < count; ++j) {                                                                             \
      LK(point) p = LK(name)(z[j], y[j], k);                                                                           \
      value[j] = p.value;                                                                                              \
      g[j] = factor * p.gradient;                                                                                      \
    }                                                                                                                  \
    for (int i = 0; i < count; i += LK_LANES)                                                                          \
      LK_UNROLL for (int j = 0; j < LK_LANES; ++j) sums[j] += (double)value[i + j];                                    \
  }                                                                                                                    \
  static int64_t LK(name##_fused)(const LK_T *z, const LK_T *y, const LK_T *restrict k, LK_T factor,                   \
                                  double *restrict lanes, LK_T *gradient, int streaming, int64_t n) {                  \
    double sums[LK_LANES];                                                                                             \
    _Alignas(64) LK_T g[count];                                                                                        \
    int64_t i = 0;                                                                                                     \
    for (int j = 0; j < LK_LANES; ++j)                                                                                 \
      sums[j] = lanes[j];                                                                                              \
    for (; i + count <= n; i += count) {                                                                               \
      LK(name##_group)(z + i, y + i, k, factor, sums, g);                                                              \
      if (gradient && streaming)                                                                                       \
        for (int j = 0; j < count; j += LK_LANES)                                                                      \
          LK(stream_lanes)(gradient + i + j, g + j);                                                                   \
      else if (gradient)                                                                                               \
        __builtin_memcpy(gradient + i, g, sizeof g);                                                                   \
    }                                                                                                                  \
    for (int j = 0; j < LK_LANES; ++j)                                                                                 \
      lanes[j] = sums[j];                                                                                              \
    return i;                                                                                                          \
  }
#define LK_DEFINE_FUSED_plain(name, parameters) LK_DEFINE_FUSED_OF(name, LK_LANES, LK_UNROLL)
#define LK_FUSED_ROW_plain(name) LK(name##_fused)
#if defined(LK_LONGEST_VECTORS)
#define LK_DEFINE_FUSED_heavy(name, parameters)                                                                        \
  LK_INLINE LK(point) LK(name##_by_default)(LK_T z, LK_T y, const LK_T *restrict k) {                                  \
    (void)k;                                                                                                           \
    return LK(name)(z, y, (const LK_T[LK_MAX_PARAMETERS]){1});                                                         \
  }                                                                                                                    \
  LK_DEFINE_FUSED_OF(name##_by_default, LK_FLIGHT, LK_UNROLL_FLIGHT)                                                   \
  static int64_t LK(name##_fused)(const LK_T *z, const LK_T *y, const LK_T *restrict k, LK_T factor,                   \
                                  double *restrict lanes, LK_T *gradient, int streaming, int64_t n) {                  \
    int is_default = gradient != 0;                                                                                    \
    for (int i = 0; i < parameters; ++i)                                                                               \
      is_default &= k[i] == (i == 0);                                                                                  \
    if (!is_default)                                                                                                   \
      return 0;                                                                                                        \
    return LK(name##_by_default_fused)(z, y, k, factor, lanes, gradient, streaming, n);                                \
  }
#define LK_FUSED_ROW_heavy(name) LK(name##_fused)
#else
#define LK_DEFINE_FUSED_heavy(name, parameters)
#define LK_FUSED_ROW_heavy(name) 0
#endif
#define LK_DEFINE_FUSED(name, targets, work, count, ...) LK_DEFINE_FUSED_##work(name, count)
#define LK_FUSED_ROW(name, targets, work, ...) LK_FUSED_ROW_##work(name),
LK_LOSSES(LK_DEFINE_FUSED)
typedef int64_t (*LK(fused))(const LK_T *z, const LK_T *y, const LK_T *restrict k, LK_T factor, double *restrict lanes,
                             LK_T *gradient, int streaming, int64_t n);
static const LK(fused) LK(fused_kernels)[lk_loss_count + 1] = {LK_LOSSES(LK_FUSED_ROW)};

// Runs the fused kernel over whole lanes; returns the index of the first sample that it left. Where it streams, the
// gradient from `begin` on is aligned.
LK_APART int64_t LK(run_fused)(const lk_pointwise_plan *plan, LK(fused) fused, const LK_T *k, int64_t begin,
                               int64_t end, double *lanes, lk_partial *partial) {
  const lk_call *call = plan->call;
  const LK_T *z = call->predictions, *y = call->targets;
  LK_T *gradient = call->gradient;
  int64_t whole = begin + ((end - begin) & -(int64_t)LK_LANES);
  for (int64_t i = begin, n; i < whole; i += n) {
    n = whole - i < LK_CHUNK ? whole - i : LK_CHUNK;
    if (!LK(inspect)(call->terms, 1, y + i, 0, i, n, partial))
      return i;
    int64_t done = fused(z + i, y + i, k, (LK_T)plan->factor, lanes, gradient ? gradient + i : 0, plan->streaming, n);
    if (done < n)
      return i + done;
  }
  return whole;
}

// The general path: tile by tile, everything that the call asks for.
static void LK(run_tiles)(const lk_pointwise_plan *plan, lk_mode mode, int64_t begin, int64_t end, double *lanes,
                          double *weight_lanes, double *slopes, lk_partial *partial) {
  const lk_call *call = plan->call;
  const LK_T *weights = call->weights;
  LK_T *values = call->values, *gradient = call->gradient, *curvature = call->curvature;
  LK_T factor = weights ? 1 : (LK_T)plan->factor; // with weights it is part of them
  // A burst of streaming stores waits for memory: short tiles keep bursts short.
  int64_t length = plan->streaming ? LK_TILE / 4 : LK_TILE;
  // The registers of a formula share the L1 cache with the tile.
  if (call->terms->loss == lk_loss_custom)
    length = 2048 / (int64_t)sizeof(LK_T);
  LK(tile) tile;
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < length ? end - i : length;
    const LK_T *z = (const LK_T *)call->predictions + i, *y = (const LK_T *)call->targets + i;
    const LK_T *w = weights ? weights + i : 0;
    if (!LK(inspect)(call->terms, call->term_count, y, w, i, n, partial))
      return;
    int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
    if (n < padded) {
      LK(stage)(tile.z, z, 0, n, padded);
      LK(stage)(tile.y, y, 1, n, padded);
      z = tile.z, y = tile.y;
    }
    LK(evaluate)(call->terms, call->term_count, z, y, &tile, mode, padded, end - i >= 3 * LK_TILE);
    if (slopes)
      LK(add_slopes)(call->terms, call->term_count, z, y, w, n, slopes);
    if (mode != lk_mode_gradient) {
      if (w)
        LK(weighted_sum)(lanes, tile.value, w, n);
      else
        LK(sum_any)(lanes, tile.value, n);
      if (values && w)
        LK(weigh)(tile.value, w, 1, n);
      if (values)
        LK(store)(values + i, tile.value, 1, 0, plan->streaming, n);
    }
    if (w)
      LK(sum_any)(weight_lanes, w, n);
    if (gradient) {
      if (w)
        LK(weigh)(tile.gradient, w, plan->factor, n);
      LK(store)(gradient + i, tile.gradient, factor, call->accumulate, plan->streaming, n);
    }
    if (curvature) {
      if (w)
        LK(weigh)(tile.curvature, w, plan->factor, n);
      LK(store)(curvature + i, tile.curvature, factor, call->accumulate, plan->streaming, n);
    }
  }
}

// Moves what stands in lane `by` to lane 0, and so on around.
static void LK(turn)(double *lanes, int64_t by) {
  double turned[LK_LANES];
  for (int64_t j = 0; j < LK_LANES; ++j)
    turned[j] = lanes[(j + by) % LK_LANES];
  for (int64_t j = 0; j < LK_LANES; ++j)
    lanes[j] = turned[j];
}

static void LK(pointwise_block)(const lk_pointwise_plan *plan, int64_t begin, int64_t end, double *slopes,
                                lk_partial *partial) {
  const lk_call *call = plan->call;
  const lk_term *terms = call->terms;
  lk_mode mode = call->curvature  ? lk_mode_all
                 : call->gradient ? (call->skip_value ? lk_mode_gradient : lk_mode_both)
                                  : lk_mode_value;
  LK(fused) fused = call->term_count == 1 && terms->coefficient == 1 ? LK(fused_kernels)[terms->loss] : 0;
  if (call->weights || call->values || call->accumulate || slopes || mode == lk_mode_all || mode == lk_mode_gradient)
    fused = 0;
  double lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0};

  // Streaming stores want whole aligned lines, so the samples before the first one are a tile of their own. Sample i of
  // the block belongs to lane i mod LK_LANES all the same: for what follows the lanes are turned.
  int64_t i = begin, head = 0;
  if (plan->streaming) {
    const LK_T *output = call->gradient ? call->gradient : call->values;
    head = (int64_t)((-(uintptr_t)(output + begin) % 64) / sizeof(LK_T));
    head = head < end - begin ? head : end - begin;
    LK(run_tiles)(plan, mode, begin, begin + head, lanes, weight_lanes, 0, partial);
    LK(turn)(lanes, head);
    LK(turn)(weight_lanes, head);
    i += head;
  }
  if (fused && end - i >= LK_LANES && partial->status == lk_ok) {
    LK_T k[LK_MAX_PARAMETERS];
    LK(parameters)(terms, k);
    i = LK(run_fused)(plan, fused, k, i, end, lanes, partial);
  }
  if (partial->status == lk_ok)
    LK(run_tiles)(plan, mode, i, end, lanes, weight_lanes, slopes, partial);
  if (plan->streaming) {
    LK(turn)(lanes, LK_LANES - head);
    LK(turn)(weight_lanes, LK_LANES - head);
    lk_fence();
  }
  partial->value = lk_fold(lanes);
  partial->weight = call->weights ? lk_fold(weight_lanes) : (double)(end - begin);
}

static void LK(weight_block)(const void *weights, int64_t begin, int64_t end, lk_partial *partial) {
  const LK_T *w = weights;
  double lanes[LK_LANES] = {0};
  for (int64_t i = begin; i < end; i += LK_TILE) {
    int64_t n = end - i < LK_TILE ? end - i : LK_TILE;
    int64_t bad = LK(find_bad_weight)(w + i, n);
    if (bad >= 0) {
      partial->status = lk_bad_weight;
      partial->bad_index = i + bad;
      return;
    }
    LK(sum_any)(lanes, w + i, n);
  }
  partial->weight = lk_fold(lanes);
}
