// The loops of one instruction set.

#ifndef CR_LOOPS_H
#define CR_LOOPS_H

#include "CRoofline.h"

typedef uint32_t cr_word __attribute__((may_alias));

typedef struct {
  const char *name;
  void (*xor_to[2])(const cr_word *first, const cr_word *second, cr_word *to, int64_t n); // by cr_store
  void (*update)(cr_word *to, const cr_word *gradient, cr_word *first, cr_word *second, int64_t n);
  uint32_t (*sum)(const cr_word *array, int64_t n);
} cr_loops;

extern const cr_loops cr_loops_baseline;
#if defined(__x86_64__)
extern const cr_loops cr_loops_avx2, cr_loops_avx512;
#endif

#endif
