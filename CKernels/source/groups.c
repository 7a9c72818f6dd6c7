// lk_group_lasso and lk_group_shrink: norms of groups of coefficients, and what is done with them.

#include "kernels.h"

#include <math.h>
#include <stdlib.h>

// The sum of squares of a group, in three ranges of magnitude, of which each has a unit of its own: the norm overflows
// or loses bits only where it must (Blue 1978).
typedef struct {
  double small, medium, large;
  double size;
} lk_group;

static const double smallest_medium = 0x1p-500, largest_medium = 0x1p480, unit = 0x1p600;

static inline void add_square(lk_group *group, double x) {
  if (x > largest_medium)
    group->large += x / unit * (x / unit);
  else if (x < smallest_medium)
    group->small += x * unit * (x * unit);
  else
    group->medium += x * x;
}

static double norm(const lk_group *group) {
  if (group->large > 0)
    return unit * sqrt(group->large + group->medium / unit / unit);
  return group->medium == 0 ? sqrt(group->small) / unit : sqrt(group->medium + group->small / unit / unit);
}

// A block keeps partial sums for the range of groups that it meets. Where groups lie side by side these ranges hardly
// overlap; where there would be more than two of these sums for each coefficient, there is one block.
typedef struct {
  lk_scalar scalar;
  int64_t count;
  const void *x;
  const ptrdiff_t *groups;
  lk_cut cut;
  int64_t lowest[LK_MAX_BLOCKS], highest[LK_MAX_BLOCKS];
  lk_group *partials[LK_MAX_BLOCKS];
} lk_measurement;

static void find_range(void *context, int64_t block) {
  lk_measurement *run = context;
  int64_t lowest = INT64_MAX, highest = 0;
  for (int64_t i = block * run->cut.length, end = lk_block_end(&run->cut, block); i < end; ++i) {
    int64_t group = run->groups[i];
    lowest = group < lowest ? group : lowest;
    highest = group > highest ? group : highest;
  }
  run->lowest[block] = lowest, run->highest[block] = highest;
}

LK_INLINE void add_squares(lk_measurement *run, lk_scalar scalar, int64_t block) {
  int64_t i = block * run->cut.length, end = lk_block_end(&run->cut, block);
  while (i < end) {
    // Neighbours of one group are added up before they go to memory.
    int64_t id = run->groups[i];
    lk_group *partial = run->partials[block] + (id - run->lowest[block]), group = *partial;
    for (; i < end && run->groups[i] == id; ++i) {
      add_square(&group, fabs(lk_load(scalar, run->x, i)));
      group.size += 1;
    }
    *partial = group;
  }
}

static void measure_block(void *context, int64_t block) {
  lk_measurement *run = context;
  if (run->scalar == lk_scalar_double)
    add_squares(run, lk_scalar_double, block);
  else
    add_squares(run, lk_scalar_float, block);
}

// What a group is to its coefficients.
typedef struct {
  double norm;
  double weight; // √|g|
} lk_norm;

// The norms of all groups, up to the highest one; null without memory. The caller frees them.
static lk_norm *measure(lk_measurement *run, int32_t threads, int64_t *norm_count) {
  run->cut = lk_cut_samples(run->count);
  lk_for_blocks(run->cut.blocks, threads, find_range, run);
  int64_t total = 0, highest = 0;
  for (int64_t b = 0; b < run->cut.blocks; ++b) {
    total += run->highest[b] - run->lowest[b] + 1;
    highest = run->highest[b] > highest ? run->highest[b] : highest;
  }
  if (total > 2 * run->count) {
    run->cut = (lk_cut){.count = run->count, .length = run->count, .blocks = 1};
    run->lowest[0] = 0, run->highest[0] = highest;
    total = highest + 1;
  }
  *norm_count = highest + 1;
  lk_norm *norms = malloc((size_t)*norm_count * sizeof *norms);
  lk_group *groups = calloc((size_t)(*norm_count + total), sizeof *groups);
  if (norms && groups) {
    lk_group *next = groups + *norm_count;
    for (int64_t b = 0; b < run->cut.blocks; ++b) {
      run->partials[b] = next;
      next += run->highest[b] - run->lowest[b] + 1;
    }
    lk_for_blocks(run->cut.blocks, threads, measure_block, run);
    for (int64_t b = 0; b < run->cut.blocks; ++b) {
      const lk_group *part = run->partials[b];
      for (int64_t g = run->lowest[b]; g <= run->highest[b]; ++g, ++part) {
        groups[g].small += part->small;
        groups[g].medium += part->medium;
        groups[g].large += part->large;
        groups[g].size += part->size;
      }
    }
    for (int64_t g = 0; g < *norm_count; ++g)
      norms[g] = (lk_norm){norm(&groups[g]), sqrt(groups[g].size)};
  } else {
    free(norms);
    norms = 0;
  }
  free(groups);
  return norms;
}

typedef struct {
  const lk_coupling_call *call;
  const ptrdiff_t *groups;
  lk_cut cut;
  const lk_norm *norms;        // of the point
  const lk_norm *target_norms; // of the numbers that are shrunk
} lk_map;

LK_INLINE void add_directions(const lk_map *map, lk_scalar scalar, int64_t block) {
  double *gradient = map->call->gradient, factor = map->call->factor;
  for (int64_t i = block * map->cut.length, end = lk_block_end(&map->cut, block); i < end; ++i) {
    lk_norm group = map->norms[map->groups[i]];
    // The quotient is at most 1, where a quotient of factor and norm might overflow.
    if (group.norm != 0)
      gradient[i] += factor * group.weight * (lk_load(scalar, map->call->point, i) / group.norm);
  }
}

static void gradient_block(void *context, int64_t block) {
  const lk_map *map = context;
  if (map->call->scalar == lk_scalar_double)
    add_directions(map, lk_scalar_double, block);
  else
    add_directions(map, lk_scalar_float, block);
}

static int32_t choose_threads(const lk_coupling_call *call) {
  return lk_choose_threads(call->threads, 4 * (double)call->count);
}

lk_status lk_group_lasso(const lk_coupling_call *call, const ptrdiff_t *groups, lk_result *result) {
  *result = (lk_result){.threads = choose_threads(call)};
  if (call->count == 0)
    return lk_ok;
  lk_measurement run = {.scalar = call->scalar, .count = call->count, .x = call->point, .groups = groups};
  int64_t norm_count;
  lk_norm *norms = measure(&run, result->threads, &norm_count);
  if (!norms)
    return lk_out_of_memory;
  for (int64_t g = 0; g < norm_count; ++g)
    result->value += call->factor * norms[g].weight * norms[g].norm;
  if (call->gradient) {
    lk_map map = {.call = call, .groups = groups, .cut = lk_cut_samples(call->count), .norms = norms};
    lk_for_blocks(map.cut.blocks, result->threads, gradient_block, &map);
  }
  free(norms);
  return lk_ok;
}

static void shrink_block(void *context, int64_t block) {
  const lk_map *map = context;
  double *x = map->call->gradient;
  for (int64_t i = block * map->cut.length, end = lk_block_end(&map->cut, block); i < end; ++i) {
    if (map->norms && map->norms[map->groups[i]].norm != 0)
      continue;
    lk_norm group = map->target_norms[map->groups[i]];
    double reach = map->call->factor * group.weight;
    x[i] *= group.norm <= reach ? 0 : 1 - reach / group.norm;
  }
}

lk_status lk_group_shrink(const lk_coupling_call *call, const ptrdiff_t *groups) {
  if (call->count == 0)
    return lk_ok;
  int32_t threads = choose_threads(call);
  lk_measurement run = {.scalar = lk_scalar_double, .count = call->count, .x = call->gradient, .groups = groups};
  int64_t norm_count;
  lk_map map = {.call = call, .groups = groups, .cut = lk_cut_samples(call->count)};
  lk_norm *target_norms = measure(&run, threads, &norm_count), *norms = 0;
  if (call->point) {
    run.scalar = call->scalar, run.x = call->point;
    norms = measure(&run, threads, &norm_count);
  }
  lk_status status = target_norms && (norms || !call->point) ? lk_ok : lk_out_of_memory;
  if (status == lk_ok) {
    map.norms = norms, map.target_norms = target_norms;
    lk_for_blocks(map.cut.blocks, threads, shrink_block, &map);
  }
  free(norms);
  free(target_norms);
  return status;
}
