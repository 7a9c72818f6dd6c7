// lk_gather: rows of a matrix in another order.

#include "kernels.h"

// So many rows are on their way from memory while one is copied: their places are no pattern that a processor foresees.
enum { ahead = 8, line = 64 };

static void prefetch(const char *row, int64_t bytes) {
  for (int64_t offset = 0; offset < bytes; offset += line)
    __builtin_prefetch(row + offset);
}

void lk_gather(lk_scalar scalar, const void *matrix, int64_t columns, const int64_t *rows, int64_t count, void *to) {
  int64_t bytes = columns * (scalar == lk_scalar_float ? 4 : 8);
  const char *from = matrix;
  for (int64_t i = 0; i < ahead && i < count; ++i)
    prefetch(from + rows[i] * bytes, bytes);
  for (int64_t i = 0; i < count; ++i) {
    if (i + ahead < count)
      prefetch(from + rows[i + ahead] * bytes, bytes);
    memcpy((char *)to + i * bytes, from + rows[i] * bytes, (size_t)bytes);
  }
}
