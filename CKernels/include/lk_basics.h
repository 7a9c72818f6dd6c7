// What every call shares.

#ifndef LK_BASICS_H
#define LK_BASICS_H

#include <stddef.h>
#include <stdint.h>

#define LK_EXPORT __attribute__((visibility("default")))

typedef enum { lk_scalar_float, lk_scalar_double } lk_scalar;

// In order of ability. `lk_isa_best` is the best one that the processor has, or the lower one that the environment
// variable LOSSES_ISA (baseline, avx2, avx512) names. Results do not depend on the choice.
typedef enum { lk_isa_baseline, lk_isa_avx2, lk_isa_avx512, lk_isa_best } lk_isa;

typedef enum {
  lk_ok,
  lk_bad_parameter, // result.bad_index: the term; result.bad_parameter: which of its parameters, -1: its coefficient
  lk_bad_target,    // result.bad_index: the sample
  lk_bad_weight,    // result.bad_index: the sample
  lk_out_of_memory,
  lk_bad_class_weight, // result.bad_index: the class
} lk_status;

#define LK_MAX_PARAMETERS 4

#endif
