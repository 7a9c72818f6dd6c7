// The operations of formulas, each over whole arrays. Included once per scalar and instruction set, after tile-inl.h.

#define LK_OPERATION(name, expression)                                                                                 \
  LK_INLINE LK_T LK(operation_##name)(LK_T a, LK_T b, LK_T c, LK_T d) {                                                \
    (void)a, (void)b, (void)c, (void)d;                                                                                \
    return expression;                                                                                                 \
  }
LK_OPERATION(add, a + b)
LK_OPERATION(subtract, a - b)
LK_OPERATION(multiply, a *b)
LK_OPERATION(divide, a / b)
LK_OPERATION(add_products, a *b + c * d)
LK_OPERATION(negate, -a)
LK_OPERATION(less, a < b ? 1 : 0)
LK_OPERATION(less_or_equal, a <= b ? 1 : 0)
LK_OPERATION(choose, a != 0 ? b : c)
LK_OPERATION(absolute, LK(abs)(a))
LK_OPERATION(sign, LK(sign)(a))
LK_OPERATION(sqrt, LK(sqrt)(a))
LK_OPERATION(exp, LK(exp)(a))
LK_OPERATION(exp_neg, LK(exp_neg)(a))
LK_OPERATION(expm1, LK(expm1)(a))
LK_OPERATION(log, LK(log)(a))
LK_OPERATION(log1p, LK(log1p)(a))
LK_OPERATION(log1p_unit, LK(log1p_unit)(a))

LK_INLINE LK_T LK(operation_tanh)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T m = LK(expm1)(-2 * LK(abs)(a));
  return LK(copysign)(m / (2 + m), a);
}

LK_INLINE LK_T LK(operation_sigmoid)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T e = LK(exp_neg)(-LK(abs)(a));
  return (a < 0 ? e : 1) / (1 + e);
}

LK_INLINE LK_T LK(operation_softplus)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T l = LK(log1p_unit)(LK(exp_neg)(-LK(abs)(a)));
  return a > 0 ? a + l : l;
}

// One loop for each way in which the operands come: those of one or two operands also with one of these constant.
typedef void (*LK(operation))(const LK_T *a, const LK_T *b, const LK_T *c, const LK_T *d, LK_T *restrict out,
                              int64_t n);
#define LK_RUN(name, kind, ...)                                                                                        \
  static void LK(run_##name##_##kind)(const LK_T *a, const LK_T *b, const LK_T *c, const LK_T *d, LK_T *restrict out,  \
                                      int64_t n) {                                                                     \
    (void)a, (void)b, (void)c, (void)d;                                                                                \
    LK_LOOP for (int64_t i = 0; i < n; ++i) out[i] = LK(operation_##name)(__VA_ARGS__);                                \
  }
#define LK_RUN_1(name) LK_RUN(name, arrays, a[i], 0, 0, 0)
#define LK_RUN_2(name)                                                                                                 \
  LK_RUN(name, arrays, a[i], b[i], 0, 0) LK_RUN(name, second, a[i], *b, 0, 0) LK_RUN(name, first, *a, b[i], 0, 0)
#define LK_RUN_3(name) LK_RUN(name, arrays, a[i], b[i], c[i], 0)
#define LK_RUN_4(name) LK_RUN(name, arrays, a[i], b[i], c[i], d[i])
#define LK_DEFINE_OPERATION(name, operands) LK_RUN_##operands(name)
LK_OPERATIONS(LK_DEFINE_OPERATION)
#define LK_ROW_1(name) {LK(run_##name##_arrays)},
#define LK_ROW_2(name) {LK(run_##name##_arrays), LK(run_##name##_second), LK(run_##name##_first)},
#define LK_ROW_3(name) {LK(run_##name##_arrays)},
#define LK_ROW_4(name) {LK(run_##name##_arrays)},
#define LK_OPERATION_ROW(name, operands) LK_ROW_##operands(name)
static const LK(operation) LK(operations)[lk_operation_count][3] = {LK_OPERATIONS(LK_OPERATION_ROW)};

// Where there is no loop for it, a constant is spread over a tile.
LK_APART void LK(operate_spread)(lk_operation operation, const lk_operands *operands, LK_T *output, int64_t n) {
  LK_T spread[4][LK_TILE];
  int32_t count = lk_operand_counts[operation];
  for (int32_t k = 0; k < count; ++k) {
    LK_T constant = (LK_T)operands->constants[k];
    for (int64_t j = 0; !operands->arrays[k] && j < n && j < LK_TILE; ++j)
      spread[k][j] = constant;
  }
  for (int64_t i = 0, length; i < n; i += length) {
    length = n - i < LK_TILE ? n - i : LK_TILE;
    const LK_T *x[4] = {0};
    for (int32_t k = 0; k < count; ++k)
      x[k] = operands->arrays[k] ? (const LK_T *)operands->arrays[k] + i : spread[k];
    LK(operations)[operation][0](x[0], x[1], x[2], x[3], output + i, length);
  }
}

static void LK(operate)(lk_operation operation, const lk_operands *operands, void *output, int64_t n) {
  const LK(operation) *loops = LK(operations)[operation];
  const void *const *x = operands->arrays;
  int32_t count = lk_operand_counts[operation], arrays = 0;
  for (int32_t k = 0; k < count; ++k)
    arrays += x[k] != 0;
  if (arrays == count) {
    loops[0](x[0], x[1], x[2], x[3], output, n);
  } else if (count == 2 && x[0]) {
    LK_T constant = (LK_T)operands->constants[1];
    loops[1](x[0], &constant, 0, 0, output, n);
  } else if (count == 2 && x[1]) {
    LK_T constant = (LK_T)operands->constants[0];
    loops[2](&constant, x[1], 0, 0, output, n);
  } else {
    LK(operate_spread)(operation, operands, output, n);
  }
}
