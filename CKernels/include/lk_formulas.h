// Losses of the caller's own.

#ifndef LK_FORMULAS_H
#define LK_FORMULAS_H

#include "lk_basics.h"

// The operations that a formula of the caller's own is made of: X(name, operands). add_products is ab + cd;
// choose_less(a, b, c, d) is c where a < b, otherwise d, and so choose_less_or_equal; choose_larger(a, b, c, d) is c
// where a > b, d where b > a, otherwise their mean.
#define LK_OPERATIONS(X)                                                                                               \
  X(add, 2)                                                                                                            \
  X(subtract, 2)                                                                                                       \
  X(multiply, 2)                                                                                                       \
  X(divide, 2)                                                                                                         \
  X(add_products, 4)                                                                                                   \
  X(copy, 1)                                                                                                           \
  X(negate, 1)                                                                                                         \
  X(choose_less, 4)                                                                                                    \
  X(choose_less_or_equal, 4)                                                                                           \
  X(choose_larger, 4)                                                                                                  \
  X(power, 2)                                                                                                          \
  X(absolute, 1)                                                                                                       \
  X(sign, 1)                                                                                                           \
  X(sqrt, 1)                                                                                                           \
  X(exp, 1)                                                                                                            \
  X(exp_neg, 1)                                                                                                        \
  X(expm1, 1)                                                                                                          \
  X(log, 1)                                                                                                            \
  X(log1p, 1)                                                                                                          \
  X(log1p_unit, 1)                                                                                                     \
  X(tanh, 1)                                                                                                           \
  X(sigmoid, 1)                                                                                                        \
  X(softplus, 1)                                                                                                       \
  X(erf, 1)

#define LK_OPERATION_ID(name, operands) lk_operation_##name,
typedef enum { LK_OPERATIONS(LK_OPERATION_ID) lk_operation_count } lk_operation;
#undef LK_OPERATION_ID

// One operation on registers, each a row of samples.
typedef struct {
  int32_t operation;
  int32_t result;
  int32_t operands[4];
  int32_t number; // the constant that is the second operand of every sample, in place of operands[1]; −1: none
} lk_instruction;

// A straight line of operations. The registers are: the predictions, the targets, the outputs, the first constants, and
// then whatever is needed.
typedef struct {
  const lk_instruction *instructions;
  int64_t instruction_count;
  const double *constants;
  int32_t constant_row_count; // of the constants that have a register
  int32_t output_count;
  int32_t register_count; // at most LK_MAX_REGISTERS
} lk_program;

#define LK_MAX_REGISTERS 100

// A loss of the caller's own: what it takes for the value, for value and gradient, for all three, and for the
// derivatives by the parameters.
typedef struct {
  lk_program value, both, all, slopes;
} lk_formula;

// output[i] = operation(a[i], b[i], …) for `count` elements. The output is none of the operands; those that the
// operation does not have are ignored.
LK_EXPORT void lk_operate(lk_operation operation, lk_scalar scalar, lk_isa isa, const void *const operands[4],
                          void *output, int64_t count);

#endif
