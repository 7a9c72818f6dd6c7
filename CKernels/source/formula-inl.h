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
LK_OPERATION(choose_less, a < b ? c : d)
LK_OPERATION(choose_less_or_equal, a <= b ? c : d)
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

// Every operation on rows, and those of several operands also with one number in place of the second row.
#define LK_DEFINE_RUN(name, suffix, b, c, d)                                                                           \
  static void LK(run_##name##suffix)(const LK_T *a, const LK_T *second, const LK_T *third, const LK_T *fourth,         \
                                     LK_T *restrict out, int64_t n) {                                                  \
    LK_T number = *second;                                                                                             \
    (void)third, (void)fourth, (void)number;                                                                           \
    LK_LOOP for (int64_t i = 0; i < n; ++i) out[i] = LK(operation_##name)(a[i], b, c, d);                              \
  }
#define LK_DEFINE_RUNS_1(name) LK_DEFINE_RUN(name, _rows, 0, 0, 0)
#define LK_DEFINE_RUNS_2(name) LK_DEFINE_RUN(name, _rows, second[i], 0, 0) LK_DEFINE_RUN(name, _number, number, 0, 0)
#define LK_DEFINE_RUNS_4(name)                                                                                         \
  LK_DEFINE_RUN(name, _rows, second[i], third[i], fourth[i]) LK_DEFINE_RUN(name, _number, number, third[i], fourth[i])
#define LK_DEFINE_RUNS(name, operands) LK_DEFINE_RUNS_##operands(name)
LK_OPERATIONS(LK_DEFINE_RUNS)
#define LK_RUNS_1(name)                                                                                                \
  { LK(run_##name##_rows), 0 }
#define LK_RUNS_2(name)                                                                                                \
  { LK(run_##name##_rows), LK(run_##name##_number) }
#define LK_RUNS_4(name)                                                                                                \
  { LK(run_##name##_rows), LK(run_##name##_number) }
#define LK_RUNS_ROW(name, operands) LK_RUNS_##operands(name),
typedef struct {
  LK(operation) rows, number;
} LK(runs);
static const LK(runs) LK(operations)[lk_operation_count] = {LK_OPERATIONS(LK_RUNS_ROW)};

static void LK(operate)(lk_operation operation, const void *const operands[4], void *output, int64_t n) {
  const void *second = operands[1] ? operands[1] : operands[0];
  LK(operations)[operation].rows(operands[0], second, operands[2], operands[3], output, n);
}

// Runs a program on n samples, n a multiple of LK_GROUP, in rows as long as the registers' memory allows. What is
// fetched ahead is asked for between the operations, since only so many requests can be under way.
LK_APART void LK(run_program)(const lk_program *program, const LK_T *z, const LK_T *y, LK_T *const *outputs, int64_t n,
                              int ahead) {
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
  for (int32_t k = 0; k < program->constant_row_count; ++k) {
    LK_T constant = (LK_T)program->constants[k], *restrict constants = registers[first + k];
    LK_LOOP for (int64_t i = 0; i < row; ++i) constants[i] = constant;
  }
  for (int64_t i = 0, length; i < n; i += length) {
    length = n - i < row ? n - i : row;
    registers[0] = (LK_T *)z + i;
    registers[1] = (LK_T *)y + i;
    for (int32_t k = 0; k < program->output_count; ++k)
      registers[2 + k] = outputs[k] + i;
    for (int64_t j = 0, fetched = 0; j < program->instruction_count; ++j) {
      if (ahead) {
        int64_t next = length * (j + 1) / program->instruction_count;
        LK(fetch_ahead)(registers[0], fetched, next);
        LK(fetch_ahead)(registers[1], fetched, next);
        fetched = next;
      }
      const lk_instruction *x = &program->instructions[j];
      const LK_T *a = registers[x->operands[0]], *c = registers[x->operands[2]], *d = registers[x->operands[3]];
      const LK(runs) *run = &LK(operations)[x->operation];
      if (x->number < 0) {
        run->rows(a, registers[x->operands[1]], c, d, registers[x->result], length);
      } else {
        LK_T number = (LK_T)program->constants[x->number];
        run->number(a, &number, c, d, registers[x->result], length);
      }
    }
  }
}
