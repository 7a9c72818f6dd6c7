// The few functions of the OpenMP runtime that are used. omp.h is not on the include path of Swift's compiler.

#ifndef LK_OPENMP_H
#define LK_OPENMP_H

extern int omp_get_max_threads(void);
extern int omp_get_num_threads(void);
// LLVM's runtime alone has it.
extern void kmp_set_blocktime(int milliseconds) __attribute__((weak));

// Makes the calling thread known to the runtime, once, without the side effects that this has.
void lk_join_openmp(void);

#endif
