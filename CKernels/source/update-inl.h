// The block functions of lk_update_run and lk_square_sum. Included once per scalar and instruction set, after
// penalty-inl.h.

#include "updates-inl.h"

// A map takes n parameters, n a multiple of LK_GROUP; the states that a rule does not have are null.
typedef void (*LK(update_map))(LK_T *restrict w, const LK_T *restrict g, LK_T *restrict s0, LK_T *restrict s1,
                               LK_T *restrict s2, const LK_T *restrict k, LK_T keep, int64_t n);
#define LK_DEFINE_UPDATE_MAP(name, states)                                                                             \
  static void LK(name##_update_map)(LK_T *restrict w, const LK_T *restrict g, LK_T *restrict s0, LK_T *restrict s1,    \
                                    LK_T *restrict s2, const LK_T *restrict k, LK_T keep, int64_t n) {                 \
    (void)s0, (void)s1, (void)s2;                                                                                      \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {                                                                    \
      LK_T s[3] = {0, 0, 0};                                                                                           \
      if (states > 0)                                                                                                  \
        s[0] = s0[i];                                                                                                  \
      if (states > 1)                                                                                                  \
        s[1] = s1[i];                                                                                                  \
      if (states > 2)                                                                                                  \
        s[2] = s2[i];                                                                                                  \
      w[i] = LK(name##_update)(keep * w[i], g[i], s, k);                                                               \
      if (states > 0)                                                                                                  \
        s0[i] = s[0];                                                                                                  \
      if (states > 1)                                                                                                  \
        s1[i] = s[1];                                                                                                  \
      if (states > 2)                                                                                                  \
        s2[i] = s[2];                                                                                                  \
    }                                                                                                                  \
  }
LK_UPDATES(LK_DEFINE_UPDATE_MAP)

#define LK_UPDATE_ROW(name, states) {LK(name##_update_map), states},
static const struct {
  LK(update_map) map;
  int32_t states;
} LK(updates)[lk_update_count] = {LK_UPDATES(LK_UPDATE_ROW)};

// What makes the gradient that which the rule sees. Beyond the largest number there is nothing to cut.
typedef struct {
  LK_T scale, limit, decay;
  int is_needed;
} LK(preparation);

static LK(preparation) LK(preparation_of)(double scale, double limit, double decay) {
  LK(preparation) p = {(LK_T)scale, limit < LK_LARGEST ? (LK_T)limit : LK_INFINITE, (LK_T)decay, 0};
  p.is_needed = p.scale != 1 || p.limit < LK_INFINITE || p.decay != 0;
  return p;
}

LK_APART void LK(prepare_gradient)(const LK(preparation) *restrict p, const LK_T *restrict w, const LK_T *restrict g,
                                   LK_T *restrict to, int64_t n) {
  LK_T scale = p->scale, limit = p->limit, decay = p->decay;
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
    LK_T x = scale * g[i];
    x = x > limit ? limit : x < -limit ? -limit : x;
    to[i] = decay == 0 ? x : x + decay * w[i];
  }
}

// The gradient as the rule sees it, in `tile` where it is another one.
static const LK_T *LK(prepared)(const LK(preparation) * p, const LK_T *w, const LK_T *g, LK_T *tile, int64_t n) {
  if (!p->is_needed)
    return g;
  LK(prepare_gradient)(p, w, g, tile, n);
  return tile;
}

LK_APART void LK(apply_penalties)(const lk_update_call *call, LK_T *w, int64_t begin, int64_t n) {
  const lk_penalty_call penalty = {
      .terms = call->penalties, .term_count = call->penalty_count, .step = call->penalty_step};
  int64_t padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
  lk_penalty_tile tile;
  for (int64_t i = 0; i < padded; ++i)
    tile.x[i] = i < n ? (double)w[i] : 1;
  lk_apply_proximal(&penalty, &tile, begin, n, padded);
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) w[i] = (LK_T)tile.x[i];
}

// A tile of at most LK_TILE parameters; what is left over beside whole groups goes through memory of its own.
static void LK(update_tile)(const lk_update_call *call, const LK_T *k, LK_T *w, const LK_T *g, LK_T *const *s,
                            int64_t n) {
  LK(update_map) map = LK(updates)[call->update].map;
  int64_t whole = n & -(int64_t)LK_GROUP, left = n - whole;
  LK_T keep = (LK_T)call->keep;
  map(w, g, s[0], s[1], s[2], k, keep, whole);
  if (left == 0)
    return;
  enum { vectors = 5 };
  _Alignas(64) LK_T rest[vectors][LK_GROUP];
  const LK_T *from[vectors] = {w + whole, g + whole};
  LK_T *to[vectors] = {w + whole};
  for (int v = 0; v < 3; ++v)
    from[2 + v] = to[2 + v] = s[v] ? s[v] + whole : 0;
  for (int v = 0; v < vectors; ++v)
    for (int64_t i = 0; i < LK_GROUP; ++i)
      rest[v][i] = from[v] && i < left ? from[v][i] : 1;
  map(rest[0], rest[1], rest[2], rest[3], rest[4], k, keep, LK_GROUP);
  for (int v = 0; v < vectors; ++v)
    if (to[v])
      memcpy(to[v], rest[v], (size_t)left * sizeof(LK_T));
}

static void LK(update_block)(const lk_update_call *call, int64_t begin, int64_t end) {
  LK_T k[LK_UPDATE_FACTORS], *w = call->parameters;
  const LK_T *g = call->gradient;
  for (int j = 0; j < LK_UPDATE_FACTORS; ++j)
    k[j] = (LK_T)call->factors[j];
  LK(preparation) preparation = LK(preparation_of)(call->scale, call->limit, call->decay);
  int64_t length = preparation.is_needed || call->penalty_count > 0 ? LK_TILE : end - begin;
  // Long blocks begin on a cache line, as far as the vectors are alike: stores across two of them are slow.
  int64_t head = end - begin < LK_MIN_BLOCK ? 0 : (int64_t)(-(uintptr_t)(w + begin) % 64 / sizeof(LK_T));
  _Alignas(64) LK_T tile[LK_TILE];
  for (int64_t i = begin, n; i < end; i += n) {
    n = i == begin && head > 0 ? head : end - i < length ? end - i : length;
    LK_T *s[3];
    for (int v = 0; v < 3; ++v)
      s[v] = v < LK(updates)[call->update].states ? (LK_T *)call->states[v] + i : 0;
    LK(update_tile)(call, k, w + i, LK(prepared)(&preparation, w + i, g + i, tile, n), s, n);
    if (call->penalty_count > 0)
      LK(apply_penalties)(call, w + i, i, n);
  }
}

static void LK(square_sum_block)(const lk_square_sum_call *call, int64_t begin, int64_t end, lk_partial *partial) {
  double lanes[LK_LANES] = {0}, squares[LK_TILE];
  const LK_T *x = call->vector;
  double scale = call->scale;
  LK_INT is_bad = 0;
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < LK_TILE ? end - i : LK_TILE;
    LK_LOOP_OF(2) for (int64_t j = 0; j < n; ++j) is_bad |= !(LK(abs)(x[i + j]) <= LK_LARGEST);
    if (call->skip_value)
      continue;
    LK_LOOP_OF(2) for (int64_t j = 0; j < n; ++j) {
      double y = scale * (double)x[i + j];
      squares[j] = y * y;
    }
    sum_any_f64(lanes, squares, n);
  }
  partial->value = lk_fold(lanes);
  partial->weight = is_bad != 0;
}
