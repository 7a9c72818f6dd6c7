// Formulas of the caller's own: their operations over rows of samples, and the programs made of them. Included once per
// scalar and instruction set, before tile-inl.h and after losses/.

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
LK_OPERATION(copy, a)
LK_OPERATION(negate, -a)
LK_OPERATION(less, a < b ? 1 : 0)
LK_OPERATION(less_or_equal, a <= b ? 1 : 0)
LK_OPERATION(choose, a != 0 ? b : c)
LK_OPERATION(choose_larger, a > b ? c : b > a ? d : (LK_T)0.5 * c + (LK_T)0.5 * d)
LK_OPERATION(power, b == 0 ? 1 : LK(exp)(b * LK(log)(a)))
LK_OPERATION(absolute, LK(abs)(a))
LK_OPERATION(sign, LK(sign)(a))
LK_OPERATION(sqrt, LK(sqrt)(a))
LK_OPERATION(exp, LK(exp)(a))
LK_OPERATION(exp_neg, LK(exp_neg)(a))
LK_OPERATION(expm1, LK(expm1)(a))
LK_OPERATION(log, LK(log)(a))
LK_OPERATION(log1p, LK(log1p)(a))
LK_OPERATION(log1p_unit, LK(log1p_unit)(a))
LK_OPERATION(erf, LK(erf)(a))

/// Max error: 3.55 ULP (every float), 3.50 ULP (double, sampled).
LK_INLINE LK_T LK(operation_tanh)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T m = LK(expm1)(-2 * LK(abs)(a));
  return LK(copysign)(m / (2 + m), a);
}

/// Max error: 3 ULP (every float; double, sampled).
LK_INLINE LK_T LK(operation_sigmoid)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T e = LK(exp_neg)(-LK(abs)(a));
  return (a < 0 ? e : 1) / (1 + e);
}

/// Max error: 3 ULP (every float; double, sampled).
LK_INLINE LK_T LK(operation_softplus)(LK_T a, LK_T b, LK_T c, LK_T d) {
  (void)b, (void)c, (void)d;
  LK_T l = LK(log1p_unit)(LK(exp_neg)(-LK(abs)(a)));
  return a > 0 ? a + l : l;
}

typedef void (*LK(operation))(const LK_T *a, const LK_T *b, const LK_T *c, const LK_T *d, LK_T *restrict out,
                              int64_t n);
#define LK_OPERANDS_1 a[i], 0, 0, 0
#define LK_OPERANDS_2 a[i], b[i], 0, 0
#define LK_OPERANDS_3 a[i], b[i], c[i], 0
#define LK_OPERANDS_4 a[i], b[i], c[i], d[i]
#define LK_DEFINE_OPERATION(name, operands)                                                                            \
  static void LK(run_##name)(const LK_T *a, const LK_T *b, const LK_T *c, const LK_T *d, LK_T *restrict out,           \
                             int64_t n) {                                                                              \
    (void)b, (void)c, (void)d;                                                                                         \
    LK_LOOP for (int64_t i = 0; i < n; ++i) out[i] = LK(operation_##name)(LK_OPERANDS_##operands);                     \
  }
LK_OPERATIONS(LK_DEFINE_OPERATION)
#define LK_OPERATION_ROW(name, operands) LK(run_##name),
static const LK(operation) LK(operations)[lk_operation_count] = {LK_OPERATIONS(LK_OPERATION_ROW)};

static void LK(operate)(lk_operation operation, const void *const operands[4], void *output, int64_t n) {
  LK(operations)[operation](operands[0], operands[1], operands[2], operands[3], output, n);
}

// Runs a program on n samples, n a multiple of LK_GROUP, in rows as long as the registers' memory allows.
LK_APART void LK(run_program)(const lk_program *program, const LK_T *z, const LK_T *y, LK_T *const *outputs,
                              int64_t n) {
  _Alignas(64) LK_T memory[LK_PROGRAM_MEMORY / sizeof(LK_T)];
  LK_T *registers[LK_MAX_REGISTERS];
  int32_t first = 2 + program->output_count, count = program->register_count;
  int64_t own = count > first ? count - first : 1;
  // Rows that are a multiple of 4 KiB apart would wait for each other's stores: a gap between them is never that.
  enum { gap = 64 * 3 / sizeof(LK_T), room = LK_PROGRAM_MEMORY / sizeof(LK_T) };
  _Static_assert(room / LK_MAX_REGISTERS >= LK_GROUP + gap, "every program has room for rows of one group");
  int64_t row = (room / own - gap) & -(int64_t)LK_GROUP;
  row = row < n ? row : n;
  for (int32_t r = first; r < count; ++r)
    registers[r] = memory + (r - first) * (row + gap);
  for (int32_t k = 0; k < program->constant_count; ++k) {
    LK_T constant = (LK_T)program->constants[k], *restrict constants = registers[first + k];
    LK_LOOP for (int64_t i = 0; i < row; ++i) constants[i] = constant;
  }
  for (int64_t i = 0, length; i < n; i += length) {
    length = n - i < row ? n - i : row;
    registers[0] = (LK_T *)z + i;
    registers[1] = (LK_T *)y + i;
    for (int32_t k = 0; k < program->output_count; ++k)
      registers[2 + k] = outputs[k] + i;
    for (int64_t j = 0; j < program->instruction_count; ++j) {
      const lk_instruction *x = &program->instructions[j];
      LK(operations)
      [x->operation](registers[x->operands[0]], registers[x->operands[1]], registers[x->operands[2]],
                     registers[x->operands[3]], registers[x->result], length);
    }
  }
}
