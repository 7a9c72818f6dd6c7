// What the memory of the machine allows: loops that read and write like a kernel of the library but compute next to
// nothing. They treat arrays as 32-bit words, so that one loop serves every scalar and every result can be checked
// exactly.

#ifndef CR_CROOFLINE_H
#define CR_CROOFLINE_H

#include <stdint.h>

#define CR_EXPORT __attribute__((visibility("default")))

typedef enum {
  cr_plain,     // ordinary stores
  cr_streaming, // stores that go around the caches
} cr_store;

// to[i] = first[i] ^ second[i]: reads two arrays and writes one, which must not overlap them.
CR_EXPORT void cr_xor(const void *first, const void *second, void *to, int64_t words, cr_store store, int32_t threads);

// first ^= gradient; second ^= gradient, where there is one; to ^= first ^ second: what an update rule with one or two
// states reads and writes, each in place.
CR_EXPORT void cr_update(void *to, const void *gradient, void *first, void *second, int64_t words, int32_t threads);

// The sum of all words, modulo 2³²: reads one array.
CR_EXPORT uint32_t cr_sum(const void *array, int64_t words, int32_t threads);

// The vectors that the loops use: "avx512", "avx2" or "baseline".
CR_EXPORT const char *cr_instruction_set(void);

#endif
