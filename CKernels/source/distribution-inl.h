// The block function of lk_distribution. A tile of rows is turned into columns, so that the maps see samples side by
// side; those of the derivatives are turned back. Included once per scalar and instruction set, after
// pointwise-inl.h.

// The value and the derivatives by the two columns.
typedef struct {
  LK_T value, first, second;
} LK(pair);

#include "losses/distribution-inl.h"

// A map evaluates a loss on n rows, n a multiple of LK_GROUP.
typedef void (*LK(pair_map))(const LK_T *restrict a, const LK_T *restrict b, const LK_T *restrict y, LK_T k,
                             LK_T *restrict value, LK_T *restrict first, LK_T *restrict second, int64_t n);
#define LK_DEFINE_PAIR_MAP(name, mode, store_value, store_gradient)                                                    \
  static void LK(LK_CONCAT(name, mode))(const LK_T *restrict a, const LK_T *restrict b, const LK_T *restrict y,        \
                                        LK_T k, LK_T *restrict value, LK_T *restrict first, LK_T *restrict second,     \
                                        int64_t n) {                                                                   \
    (void)value, (void)first, (void)second;                                                                            \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {                                                                    \
      LK(pair) p = LK(name)(a[i], b[i], y[i], k);                                                                      \
      if (store_value)                                                                                                 \
        value[i] = p.value;                                                                                            \
      if (store_gradient) {                                                                                            \
        first[i] = p.first;                                                                                            \
        second[i] = p.second;                                                                                          \
      }                                                                                                                \
    }                                                                                                                  \
  }
#define LK_DEFINE_PAIR_MAPS_pair(name)                                                                                 \
  LK_DEFINE_PAIR_MAP(name, _of_rows_value, 1, 0)                                                                       \
  LK_DEFINE_PAIR_MAP(name, _of_rows_gradient, 0, 1)                                                                    \
  LK_DEFINE_PAIR_MAP(name, _of_rows_both, 1, 1)
#define LK_DEFINE_PAIR_MAPS_joint(name) LK_DEFINE_PAIR_MAP(name, _of_rows_both, 1, 1)
#define LK_DEFINE_PAIR_MAPS_straight(name) LK_DEFINE_PAIR_MAPS_joint(name)
#define LK_DEFINE_PAIR_MAPS_levels(name)
#define LK_DEFINE_PAIR_MAPS(name, kind) LK_DEFINE_PAIR_MAPS_##kind(name)
LK_DISTRIBUTIONS(LK_DEFINE_PAIR_MAPS)

// Indexed by loss and mode.
#define LK_PAIR_ROW_pair(name) {LK(name##_of_rows_value), LK(name##_of_rows_gradient), LK(name##_of_rows_both)},
#define LK_PAIR_ROW_joint(name) {LK(name##_of_rows_both), LK(name##_of_rows_both), LK(name##_of_rows_both)},
#define LK_PAIR_ROW_straight(name) LK_PAIR_ROW_joint(name)
#define LK_PAIR_ROW_levels(name) {0, 0, 0},
#define LK_PAIR_ROW(name, kind) LK_PAIR_ROW_##kind(name)
static const LK(pair_map) LK(pair_maps)[lk_distribution_count][3] = {LK_DISTRIBUTIONS(LK_PAIR_ROW)};

// The second derivatives by the columns. They are rarely asked for, and so have one map in double, which costs no
// accuracy and half of the code.
#if LK_IS_F64
typedef void (*lk_bend_map)(const double *restrict a, const double *restrict b, const double *restrict y, double k,
                            double *restrict first, double *restrict second, int64_t n);
#define LK_DEFINE_BEND_MAP(name)                                                                                       \
  static void lk_bend_##name(const double *restrict a, const double *restrict b, const double *restrict y, double k,   \
                             double *restrict first, double *restrict second, int64_t n) {                             \
    n &= -(int64_t)LK_GROUP;                                                                                           \
    LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {                                                                    \
      lk_bends bends = lk_##name##_bends(a[i], b[i], y[i], k);                                                         \
      first[i] = bends.first;                                                                                          \
      second[i] = bends.second;                                                                                        \
    }                                                                                                                  \
  }
#define LK_DEFINE_BEND_MAP_pair(name) LK_DEFINE_BEND_MAP(name)
#define LK_DEFINE_BEND_MAP_joint(name) LK_DEFINE_BEND_MAP(name)
#define LK_DEFINE_BEND_MAP_straight(name)
#define LK_DEFINE_BEND_MAP_levels(name)
#define LK_DEFINE_BEND_MAP_OF(name, kind) LK_DEFINE_BEND_MAP_##kind(name)
LK_DISTRIBUTIONS(LK_DEFINE_BEND_MAP_OF)

// Null for straight pieces.
#define LK_BEND_ROW_pair(name) lk_bend_##name,
#define LK_BEND_ROW_joint(name) lk_bend_##name,
#define LK_BEND_ROW_straight(name) 0,
#define LK_BEND_ROW_levels(name) 0,
#define LK_BEND_ROW(name, kind) LK_BEND_ROW_##kind(name)
static const lk_bend_map lk_bend_maps[lk_distribution_count] = {LK_DISTRIBUTIONS(LK_BEND_ROW)};
#endif

// Column j of a tile stands at z + j × length, its gradient at gradient + j × length.
typedef struct {
  int64_t length;
  LK_T *z, *gradient;
  _Alignas(64) LK_T y[LK_TILE];
  _Alignas(64) LK_T value[LK_TILE];
} LK(column_tile);

// One level of the quantiles: adds its loss to the values.
LK_APART void LK(add_level)(const LK_T *restrict z, const LK_T *restrict y, LK_T level, LK_T *restrict value,
                            LK_T *restrict gradient, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(2) for (int64_t i = 0; i < n; ++i) {
    LK(point) p = LK(quantile)(z[i], y[i], &level);
    value[i] += p.value;
    gradient[i] = p.gradient;
  }
}

// The penalty of two neighbouring levels: k times how far the lower one is above the upper one.
LK_APART void LK(add_crossing)(const LK_T *restrict lower, const LK_T *restrict upper, LK_T k, LK_T *restrict value,
                               LK_T *restrict lower_gradient, LK_T *restrict upper_gradient, int64_t n) {
  n &= -(int64_t)LK_GROUP;
  LK_LOOP_OF(2) for (int64_t i = 0; i < n; ++i) {
    LK_T d = lower[i] - upper[i], slope = d > 0 ? k : d < 0 ? 0 : (LK_T)0.5 * k + d;
    value[i] += d <= 0 ? 0 : k * d;
    lower_gradient[i] += slope;
    upper_gradient[i] -= slope;
  }
}

static void LK(evaluate_columns)(const lk_distribution_call *call, LK(column_tile) * tile, lk_mode mode, int64_t n) {
  int64_t length = tile->length;
  LK_T k = (LK_T)call->parameter, *z = tile->z, *g = tile->gradient;
  if (call->loss != lk_distribution_quantiles) {
    LK(pair_maps)[call->loss][mode](z, z + length, tile->y, k, tile->value, g, g + length, n);
    return;
  }
  memset(tile->value, 0, (size_t)n * sizeof(LK_T));
  for (int64_t j = 0; j < call->rows.columns; ++j)
    LK(add_level)(z + j * length, tile->y, (LK_T)call->levels[j], tile->value, g + j * length, n);
  for (int64_t j = 1; k != 0 && j < call->rows.columns; ++j) {
    int64_t lower = (j - 1) * length, upper = j * length;
    LK(add_crossing)(z + lower, z + upper, k, tile->value, g + lower, g + upper, n);
  }
}

// The second derivatives, in place of the gradient.
LK_APART void LK(bend_columns)(const lk_distribution_call *call, LK(column_tile) * tile, int64_t n) {
  lk_bend_map map = lk_bend_maps[call->loss];
  if (!map) {
    memset(tile->gradient, 0, (size_t)(tile->length * call->rows.columns) * sizeof(LK_T));
    return;
  }
  const LK_T *a = tile->z, *b = tile->z + tile->length;
  LK_T *first = tile->gradient, *second = tile->gradient + tile->length;
  double in[3][LK_TILE], out[2][LK_TILE];
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
    in[0][i] = (double)a[i];
    in[1][i] = (double)b[i];
    in[2][i] = (double)tile->y[i];
  }
  map(in[0], in[1], in[2], (double)(LK_T)call->parameter, out[0], out[1], n);
  LK_LOOP_OF(1) for (int64_t i = 0; i < n; ++i) {
    first[i] = (LK_T)out[0][i];
    second[i] = (LK_T)out[1][i];
  }
}

// Two columns that nothing separates are what most losses have: they are moved by whole vectors.
LK_APART void LK(rows_to_columns)(const LK_T *restrict from, int64_t stride, int64_t columns, LK_T *restrict to,
                                  int64_t length, int64_t n) {
  if (columns == 2 && stride == 2) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) {
      to[i] = from[2 * i];
      to[length + i] = from[2 * i + 1];
    }
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < columns; ++j)
      to[j * length + i] = from[i * stride + j];
}

LK_APART void LK(columns_to_rows)(const LK_T *restrict from, int64_t length, LK_T factor, int accumulate,
                                  LK_T *restrict to, int64_t stride, int64_t columns, int64_t n) {
  if (columns == 2 && stride == 2 && !accumulate) {
    LK_LOOP for (int64_t i = 0; i < n; ++i) {
      to[2 * i] = factor * from[i];
      to[2 * i + 1] = factor * from[length + i];
    }
    return;
  }
  for (int64_t i = 0; i < n; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      LK_T g = factor * from[j * length + i], *x = to + i * stride + j;
      *x = accumulate ? *x + g : g;
    }
}

static void LK(distribution_block)(const void *untyped, double factor, int64_t begin, int64_t end,
                                   lk_partial *partial) {
  const lk_distribution_call *call = untyped;
  const lk_rows *rows = &call->rows;
  const LK_T *weights = rows->weights;
  LK_T *values = rows->values;
  struct {
    LK_T *to;
    int64_t stride;
  } derivatives[2] = {{rows->gradient, rows->gradient_stride}, {rows->curvature, rows->curvature_stride}};
  lk_mode mode = !rows->gradient ? lk_mode_value : rows->skip_value && !values ? lk_mode_gradient : lk_mode_both;
  double lanes[LK_LANES] = {0}, weight_lanes[LK_LANES] = {0};
  // Room for the columns of a tile, and for one group of rows where there are very many columns.
  enum { room = LK_COLUMN_MEMORY / sizeof(LK_T), least = 2 * LK_GROUP * LK_MAX_COLUMNS };
  _Alignas(64) LK_T memory[(int)room > (int)least ? (int)room : (int)least];
  LK(column_tile) tile;
  int64_t length = (room / (2 * rows->columns)) & -(int64_t)LK_GROUP;
  tile.length = length = length < LK_GROUP ? LK_GROUP : length < LK_TILE ? length : LK_TILE;
  tile.z = memory;
  tile.gradient = memory + length * rows->columns;

  // Tiles are not whole lanes where there are many columns: row r of a tile goes to lane r of the sums all the same.
  for (int64_t i = begin, n; i < end; i += n) {
    n = end - i < length ? end - i : length;
    const LK_T *z = (const LK_T *)rows->predictions + i * rows->prediction_stride, *w = weights ? weights + i : 0;
    int64_t bad = w ? LK(find_bad_weight)(w, n) : -1, padded = (n + LK_GROUP - 1) & -(int64_t)LK_GROUP;
    if (bad >= 0) {
      partial->status = lk_bad_weight;
      partial->bad_index = i + bad;
      return;
    }
    LK(rows_to_columns)(z, rows->prediction_stride, rows->columns, tile.z, length, n);
    for (int64_t j = 0; j < rows->columns; ++j)
      for (int64_t r = n; r < padded; ++r)
        tile.z[j * length + r] = 0;
    LK(stage)(tile.y, (const LK_T *)rows->targets + i, 0, n, padded);
    LK(evaluate_columns)(call, &tile, mode, padded);
    if (w)
      LK(sum_any)(weight_lanes, w, n);
    if (mode != lk_mode_gradient) {
      if (w)
        LK(weighted_sum)(lanes, tile.value, w, n);
      else
        LK(sum_any)(lanes, tile.value, n);
    }
    if (values) {
      if (w)
        LK(weigh)(tile.value, w, 1, n);
      LK(store)(values + i, tile.value, 1, 0, 0, n);
    }
    for (int order = 0; order < 2; ++order) {
      if (!derivatives[order].to)
        continue;
      if (order == 1)
        LK(bend_columns)(call, &tile, padded);
      for (int64_t j = 0; w && j < rows->columns; ++j)
        LK(weigh)(tile.gradient + j * length, w, factor, n);
      LK(columns_to_rows)
      (tile.gradient, length, w ? 1 : (LK_T)factor, rows->accumulate,
       derivatives[order].to + i * derivatives[order].stride, derivatives[order].stride, rows->columns, n);
    }
  }
  partial->value = lk_fold(lanes);
  partial->weight = weights ? lk_fold(weight_lanes) : (double)(end - begin);
}
