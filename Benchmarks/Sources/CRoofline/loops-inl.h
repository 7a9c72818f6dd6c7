// The loops. Included once per instruction set, with CR_BYTES being the size of a vector.

#include "loops.h"

typedef cr_word vector __attribute__((vector_size(CR_BYTES), may_alias));
typedef cr_word unaligned __attribute__((vector_size(CR_BYTES), aligned(4), may_alias));

enum { width = CR_BYTES / sizeof(cr_word) };

// How many words from `to` on to the first whole vector.
static inline int64_t head_of(const cr_word *to) {
  return (int64_t)((CR_BYTES - (uintptr_t)to % CR_BYTES) % CR_BYTES / sizeof(cr_word));
}

static void xor_words(const cr_word *first, const cr_word *second, cr_word *to, int64_t begin, int64_t end) {
#pragma clang loop vectorize(disable) unroll(disable)
  for (int64_t i = begin; i < end; ++i)
    to[i] = first[i] ^ second[i];
}

// The first and the last vector overlap their neighbours; those between are aligned.
static void xor_plain(const cr_word *first, const cr_word *second, cr_word *to, int64_t n) {
  if (n < width) {
    xor_words(first, second, to, 0, n);
    return;
  }
  *(unaligned *)to = *(const unaligned *)first ^ *(const unaligned *)second;
#pragma clang loop unroll_count(4)
  for (int64_t i = head_of(to); i + width <= n; i += width)
    *(vector *)(to + i) = *(const unaligned *)(first + i) ^ *(const unaligned *)(second + i);
  int64_t last = n - width;
  *(unaligned *)(to + last) = *(const unaligned *)(first + last) ^ *(const unaligned *)(second + last);
}

static void xor_streaming(const cr_word *first, const cr_word *second, cr_word *to, int64_t n) {
  int64_t head = head_of(to), i = head < n ? head : n;
  xor_words(first, second, to, 0, i);
#pragma clang loop unroll_count(4)
  for (; i + width <= n; i += width)
    __builtin_nontemporal_store(*(const unaligned *)(first + i) ^ *(const unaligned *)(second + i), (vector *)(to + i));
  xor_words(first, second, to, i, n);
#if defined(__x86_64__)
  __builtin_ia32_sfence(); // streaming stores are not ordered otherwise
#endif
}

static void update(cr_word *restrict to, const cr_word *restrict gradient, cr_word *restrict first,
                   cr_word *restrict second, int64_t n) {
  int64_t i = 0;
#pragma clang loop unroll_count(2)
  for (; i + width <= n; i += width) {
    unaligned g = *(const unaligned *)(gradient + i), a = *(unaligned *)(first + i) ^ g;
    *(unaligned *)(first + i) = a;
    if (second)
      a ^= *(unaligned *)(second + i) ^= g;
    *(unaligned *)(to + i) ^= a;
  }
  for (; i < n; ++i) {
    cr_word a = first[i] ^= gradient[i];
    if (second)
      a ^= second[i] ^= gradient[i];
    to[i] ^= a;
  }
}

static uint32_t sum(const cr_word *array, int64_t n) {
  enum { count = 8 };
  vector sums[count] = {{0}};
  int64_t i = 0;
  for (; i + count * width <= n; i += count * width)
#pragma clang loop unroll(full)
    for (int j = 0; j < count; ++j)
      sums[j] += *(const unaligned *)(array + i + j * width);
  uint32_t total = 0;
  for (int j = 0; j < count; ++j)
    for (int lane = 0; lane < width; ++lane)
      total += sums[j][lane];
  for (; i < n; ++i)
    total += array[i];
  return total;
}

#define CR_LOOPS(name)                                                                                                 \
  { name, {xor_plain, xor_streaming}, update, sum }
