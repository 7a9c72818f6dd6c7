// Softmax losses of few classes: LK_LANES rows side by side in the lanes, so that nothing is left over in a vector
// however short a row is. Included once per scalar and instruction set, after softmax-losses-inl.h.

// The loops over classes stay loops: their bodies are whole vectors already.
#define LK_PRAGMA_CLASSES _Pragma("clang loop vectorize(disable) unroll(disable)")

// One number for each class and row of a packet: that of class k and row j is at k × LK_LANES + j.
typedef struct {
  _Alignas(64) LK_T x[LK_FEW_CLASSES * LK_LANES];
} LK(columns);

// One number for each row of a packet.
typedef struct {
  _Alignas(64) LK_T x[LK_LANES];
} LK(lane_row);

// A packet under evaluation; a row that is deleted, or not there, has the logits 0, the label 0 and the factor 0.
typedef struct {
  const lk_categorical_call *call;
  int64_t classes;
  LK_T k[LK_MAX_PARAMETERS];
  LK_INT label[LK_LANES];
  double factor[LK_LANES]; // of the row's loss
  LK(columns) z, e;        // logits, exponentials
  LK_T max[LK_LANES];
  LK_INT top[LK_LANES];
  double rest[LK_LANES], inverse[LK_LANES]; // Σ exp(z − max) without the maximum, 1 divided by the whole sum
  LK(lane_row) log, top_p, top_other, value;
  LK_T total[LK_LANES], total_beside[LK_LANES], total_bend[LK_LANES], beside_bend[LK_LANES];
  LK(columns) target, slope, bend; // of targets that are not a single class, and for the curvature
} LK(packet);

static int LK(is_side_by_side)(const lk_categorical_call *call) {
  return call->classes <= LK_FEW_CLASSES && lk_categorical_kinds[call->loss] == lk_kind_softmax && !call->direction;
}

LK_INLINE void LK(transpose)(LK(t4) * v) {
  LK(t4) a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5), b = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5);
  LK(t4) c = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7), d = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(a, b, 0, 1, 4, 5);
  v[1] = __builtin_shufflevector(a, b, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(c, d, 0, 1, 4, 5);
  v[3] = __builtin_shufflevector(c, d, 2, 3, 6, 7);
}

// The rows that have a factor, from i on; zeros for the others.
LK_APART void LK(load_columns)(const LK_T *matrix, int64_t stride, const double *factor, int64_t i, int64_t classes,
                               LK(columns) * to) {
  static const LK_T zeros[LK_FEW_CLASSES];
  for (int64_t r = 0; r < LK_LANES; r += 4) {
    const LK_T *rows[4];
    for (int q = 0; q < 4; ++q)
      rows[q] = factor[r + q] != 0 ? matrix + (i + r + q) * stride : zeros;
    // The last four columns overlap those before them.
    for (int64_t next = 0; next < classes; next += 4) {
      int64_t k = next + 4 <= classes ? next : classes - 4;
      LK(t4) v[4];
      if (k < 0)
        break;
      for (int q = 0; q < 4; ++q)
        v[q] = *(const LK(t4) *)(rows[q] + k);
      LK(transpose)(v);
      for (int q = 0; q < 4; ++q)
        *(LK(t4) *)(to->x + (k + q) * LK_LANES + r) = v[q];
    }
    for (int64_t k = 0; classes < 4 && k < classes; ++k)
      for (int q = 0; q < 4; ++q)
        to->x[k * LK_LANES + r + q] = rows[q][k];
  }
}

// Stores n rows from i on, or adds them to what is there.
LK_APART void LK(store_columns)(const LK(columns) * from, LK_T *matrix, int64_t stride, int64_t i, int64_t n,
                                int64_t classes, int accumulate, int streaming) {
  _Alignas(64) LK_T staged[LK_FEW_CLASSES * LK_LANES];
  // Whole packets of rows without gaps need no copy.
  int in_place = stride == classes && n == LK_LANES && !accumulate && !streaming;
  LK_T *rows = in_place ? matrix + i * stride : staged;
  for (int64_t r = 0; r < n; r += 4) {
    for (int64_t next = 0; next < classes; next += 4) {
      int64_t k = next + 4 <= classes ? next : classes - 4;
      LK(t4) v[4];
      if (k < 0)
        break;
      for (int q = 0; q < 4; ++q)
        v[q] = *(const LK(t4) *)(from->x + (k + q) * LK_LANES + r);
      LK(transpose)(v);
      for (int q = 0; q < 4; ++q)
        *(LK(t4) *)(rows + (r + q) * classes + k) = v[q];
    }
    for (int64_t k = 0; classes < 4 && k < classes; ++k)
      for (int q = 0; q < 4; ++q)
        rows[(r + q) * classes + k] = from->x[k * LK_LANES + r + q];
  }
  if (in_place)
    return;
  if (stride == classes) {
    LK(store)(matrix + i * stride, rows, 1, accumulate, streaming, n * classes);
    return;
  }
  for (int64_t r = 0; r < n; ++r)
    LK(store)(matrix + (i + r) * stride, rows + r * classes, 1, accumulate, streaming, classes);
}

LK_APART void LK(packet_softmax)(LK(packet) * packet) {
  const LK_T *z = packet->z.x;
  LK_T max[LK_LANES];
  LK_INT top[LK_LANES];
  double rest[LK_LANES];
  LK_HOT_LANES max[j] = z[j], top[j] = 0;
  LK_PRAGMA_CLASSES for (int64_t k = 1; k < packet->classes; ++k) {
    LK_HOT_LANES {
      LK_T x = z[k * LK_LANES + j];
      int above = x > max[j];
      max[j] = above ? x : max[j];
      top[j] = above ? (LK_INT)k : top[j];
    }
  }
  LK_HOT_LANES {
    LK_T zero = max[j] - max[j];
    max[j] += zero;
    rest[j] = (double)zero;
  }
  // Two classes at a time: their exponentials are added before they are widened.
  int64_t k = 0;
  LK_T origin[2 * LK_LANES];
  LK_HOT_LANES origin[j] = origin[LK_LANES + j] = max[j];
  LK_PRAGMA_CLASSES for (; k + 2 <= packet->classes; k += 2) {
    LK_T y[2 * LK_LANES];
    LK_UNROLL_FLIGHT for (int j = 0; j < 2 * LK_LANES; ++j) { y[j] = LK(exp_neg)(z[k * LK_LANES + j] - origin[j]); }
    __builtin_memcpy(packet->e.x + k * LK_LANES, y, sizeof y);
    LK_HOT_LANES {
      LK_T first = top[j] == (LK_INT)k ? 0 : y[j], second = top[j] == (LK_INT)k + 1 ? 0 : y[LK_LANES + j];
      rest[j] += (double)(first + second);
    }
  }
  if (k < packet->classes) {
    LK_HOT_LANES {
      LK_T y = LK(exp_neg)(z[k * LK_LANES + j] - max[j]);
      packet->e.x[k * LK_LANES + j] = y;
      rest[j] += (double)(top[j] == (LK_INT)k ? 0 : y);
    }
  }
  LK_HOT_LANES {
    double inverse = 1 / (1 + rest[j]);
    packet->inverse[j] = inverse;
    packet->max[j] = max[j];
    packet->top[j] = top[j];
    packet->rest[j] = rest[j];
    packet->log.x[j] = LK(log1p)((LK_T)rest[j]);
    packet->top_p.x[j] = (LK_T)inverse;
    packet->top_other.x[j] = (LK_T)(rest[j] * inverse);
  }
}

// ln p, p and 1 − p of one class, or of the labels.
typedef struct {
  LK(lane_row) log, p, other, slope, bend;
} LK(lane_tile);

// As `single_class`, for a packet. What is left in `mark` takes the place of the labels' exponentials in the gradient.
static void LK(packet_single)(LK(packet) * packet, LK_T *restrict mark) {
  LK(lane_tile) tile;
  LK(lane_row) z, e;
  for (int j = 0; j < LK_LANES; ++j) {
    z.x[j] = packet->z.x[packet->label[j] * LK_LANES + j];
    e.x[j] = packet->e.x[packet->label[j] * LK_LANES + j];
  }
  LK_HOT_LANES {
    int is_top = packet->top[j] == packet->label[j];
    LK_T log = -((packet->max[j] - z.x[j]) + packet->log.x[j]), p = e.x[j] * packet->top_p.x[j];
    double others = 1 + packet->rest[j] - (double)e.x[j];
    mark[j] = (LK_T) - (is_top ? packet->rest[j] : others);
    tile.log.x[j] = log;
    tile.p.x[j] = p;
    tile.other.x[j] = is_top ? packet->top_other.x[j] : 1 - p;
    packet->value.x[j] = -log;
    packet->total[j] = 1;
    packet->total_bend[j] = 0;
  }
  if (packet->call->loss != lk_categorical_cross_entropy) {
    LK(class_maps)
    [packet->call->loss](tile.log.x, tile.p.x, tile.other.x, packet->k, packet->value.x, tile.slope.x, tile.bend.x,
                         LK_LANES);
    LK_ALL_LANES {
      packet->total[j] = tile.slope.x[j];
      packet->total_bend[j] = tile.other.x[j] == 0 ? 0 : tile.bend.x[j] / tile.other.x[j];
    }
  }
  LK_ALL_LANES {
    int is_top = packet->top[j] == packet->label[j];
    packet->total_beside[j] = is_top ? 0 : packet->total[j];
    packet->beside_bend[j] = is_top ? 0 : packet->total_bend[j];
  }
}

// The targets of a packet, smoothed and weighted, as `fill_targets` does.
static void LK(packet_targets)(LK(packet) * packet, int64_t i) {
  const lk_categorical_call *call = packet->call;
  const LK_T *weights = call->class_weights;
  LK_T *t = packet->target.x, smoothing = (LK_T)lk_smoothing(call), keep = 1 - smoothing;
  if (call->target_kind == lk_classes_distribution) {
    LK(load_columns)(call->targets, call->target_stride, packet->factor, i, packet->classes, &packet->target);
  } else {
    memset(t, 0, (size_t)packet->classes * LK_LANES * sizeof *t);
    for (int64_t j = 0; j < LK_LANES; ++j)
      t[packet->label[j] * LK_LANES + j] = 1;
  }
  if (smoothing != 0) {
    LK_T spread[LK_LANES];
    LK_ALL_LANES spread[j] = 0;
    LK_PRAGMA_CLASSES for (int64_t k = 0; k < packet->classes; ++k) {
      LK_ALL_LANES spread[j] += packet->z.x[k * LK_LANES + j] == LK_MINUS_INFINITY ? 0 : 1;
    }
    LK_ALL_LANES spread[j] = spread[j] == 0 ? 0 : (LK_T)(lk_smoothing(call) / (double)spread[j]);
    LK_PRAGMA_CLASSES for (int64_t k = 0; k < packet->classes; ++k) {
      LK_ALL_LANES {
        int64_t x = k * LK_LANES + j;
        t[x] = keep * t[x] + (packet->z.x[x] == LK_MINUS_INFINITY ? 0 : spread[j]);
      }
    }
  }
  int is_single = call->target_kind != lk_classes_distribution && smoothing == 0;
  LK_PRAGMA_CLASSES for (int64_t k = 0;
                         weights && call->weighting != lk_weighting_samples && !is_single && k < packet->classes; ++k) {
    LK_ALL_LANES t[k * LK_LANES + j] *= weights[k];
  }
}

// ln p, p and 1 − p of class k.
LK_INLINE void LK(packet_class)(const LK(packet) * packet, int64_t k, LK(lane_tile) * tile) {
  const LK_T *z = packet->z.x + k * LK_LANES, *e = packet->e.x + k * LK_LANES;
  LK_ALL_LANES {
    LK_T p = e[j] * packet->top_p.x[j];
    tile->log.x[j] = -((packet->max[j] - z[j]) + packet->log.x[j]);
    tile->p.x[j] = p;
    tile->other.x[j] = packet->top[j] == (LK_INT)k ? packet->top_other.x[j] : 1 - p;
  }
}

// As `all_classes`, for a packet; the slopes and bends of the classes stay in it.
static void LK(packet_all)(LK(packet) * packet) {
  double values[LK_LANES], beside[LK_LANES], own[LK_LANES], bends[LK_LANES], own_bend[LK_LANES];
  LK_ALL_LANES values[j] = beside[j] = own[j] = bends[j] = own_bend[j] = 0;
  LK_PRAGMA_CLASSES for (int64_t k = 0; k < packet->classes; ++k) {
    LK(lane_tile) tile;
    LK(lane_row) value;
    LK_T *slope = packet->slope.x + k * LK_LANES, *bend = packet->bend.x + k * LK_LANES;
    const LK_T *target = packet->target.x + k * LK_LANES;
    LK(packet_class)(packet, k, &tile);
    LK(class_maps)[packet->call->loss](tile.log.x, tile.p.x, tile.other.x, packet->k, value.x, slope, bend, LK_LANES);
    LK_ALL_LANES {
      int is_top = packet->top[j] == (LK_INT)k;
      double t = (double)target[j], c = t == 0 ? 0 : t * (double)slope[j];
      double b = t == 0 || tile.other.x[j] == 0 ? 0 : t * (double)(bend[j] / tile.other.x[j]);
      values[j] += t == 0 ? 0 : t * (double)value.x[j];
      beside[j] += is_top ? 0 : c;
      own[j] += is_top ? c : 0;
      bends[j] += is_top ? 0 : b;
      own_bend[j] += is_top ? b : 0;
    }
  }
  LK_ALL_LANES {
    packet->value.x[j] = (LK_T)values[j];
    packet->total_beside[j] = (LK_T)beside[j];
    packet->total[j] = (LK_T)(beside[j] + own[j]);
    packet->beside_bend[j] = (LK_T)bends[j];
    packet->total_bend[j] = (LK_T)(bends[j] + own_bend[j]);
  }
}

// As `softmax_slopes`, for a packet. The slopes and bends of the classes are in it.
static void LK(packet_slopes)(const LK(packet) * packet, const double *factor, int is_curvature, LK(columns) * to) {
  LK_T scale[LK_LANES];
  LK_ALL_LANES scale[j] = (LK_T)factor[j];
  LK_PRAGMA_CLASSES for (int64_t k = 0; k < packet->classes; ++k) {
    LK(lane_tile) tile;
    LK(packet_class)(packet, k, &tile);
    const LK_T *target = packet->target.x + k * LK_LANES, *slope = packet->slope.x + k * LK_LANES;
    const LK_T *bend = packet->bend.x + k * LK_LANES;
    LK_T *x = to->x + k * LK_LANES;
    LK_ALL_LANES {
      int is_top = packet->top[j] == (LK_INT)k;
      LK_T p = tile.p.x[j], other = tile.other.x[j], pull = target[j] * slope[j];
      LK_T gradient = is_top ? p * packet->total_beside[j] - pull * other : p * packet->total[j] - pull;
      if (is_curvature) {
        LK_T own = target[j] * bend[j], beside = packet->total_bend[j] - (other == 0 ? 0 : own / other);
        beside = is_top ? packet->beside_bend[j] : beside;
        gradient = p * other * packet->total[j] - p * p * beside - own * other;
      }
      x[j] = scale[j] * gradient;
    }
  }
}

// Evaluates n rows from i on.
static void LK(evaluate_few)(const LK(row_run) * run, const lk_row_lanes *rows, int64_t i, int64_t n) {
  const lk_categorical_call *call = run->plan->call;
  int64_t classes = call->classes;
  int streaming = run->plan->streaming;
  int is_single = call->target_kind != lk_classes_distribution && lk_smoothing(call) == 0;
  LK(packet) packet;
  packet.call = call;
  packet.classes = classes;
  for (int p = 0; p < LK_MAX_PARAMETERS; ++p)
    packet.k[p] = (LK_T)call->parameters[p];
  for (int j = 0; j < LK_LANES; ++j) {
    packet.factor[j] = rows->factor[j];
    packet.label[j] = rows->factor[j] != 0 && rows->label[j] >= 0 ? (LK_INT)rows->label[j] : 0;
  }
  LK(load_columns)(call->predictions, call->prediction_stride, packet.factor, i, classes, &packet.z);
  LK(packet_softmax)(&packet);
  LK_T mark[LK_LANES];
  if (is_single)
    LK(packet_single)(&packet, mark);
  if (!is_single || call->curvature) {
    LK(packet_targets)(&packet, i);
    if (!is_single)
      LK(packet_all)(&packet);
  }
  double factor[LK_LANES];
  LK_HOT_LANES {
    run->lanes[j] += packet.factor[j] * (double)packet.value.x[j];
    factor[j] = run->plan->factor * packet.factor[j];
  }
  for (int64_t j = 0; call->values && j < n; ++j)
    ((LK_T *)call->values)[i + j] = (LK_T)(packet.factor[j] * (double)packet.value.x[j]);
  if (call->curvature) {
    LK(columns) curvature;
    if (is_single)
      LK(packet_all)(&packet);
    LK(packet_slopes)(&packet, factor, 1, &curvature);
    LK(store_columns)(&curvature, call->curvature, call->curvature_stride, i, n, classes, call->accumulate, streaming);
  }
  if (!call->gradient)
    return;
  if (is_single) {
    LK_T scale[LK_LANES];
    LK_HOT_LANES scale[j] = (LK_T)(factor[j] * (double)packet.total[j] * packet.inverse[j]);
    for (int64_t j = 0; j < LK_LANES; ++j)
      packet.e.x[packet.label[j] * LK_LANES + j] = mark[j];
    LK_PRAGMA_CLASSES for (int64_t k = 0; k < classes; ++k) { LK_HOT_LANES packet.e.x[k * LK_LANES + j] *= scale[j]; }
  } else {
    LK(packet_slopes)(&packet, factor, 0, &packet.e);
  }
  LK(store_columns)(&packet.e, call->gradient, call->gradient_stride, i, n, classes, call->accumulate, streaming);
}
