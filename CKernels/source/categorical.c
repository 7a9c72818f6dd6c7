// lk_categorical.

#include "kernels.h"

#include <math.h>

#define LK_INFO_ROW(name, kind, count, first, second) {lk_kind_##kind, count, {lk_domain_##first, lk_domain_##second}},
static const lk_categorical_info infos[lk_categorical_count] = {LK_CATEGORICAL_LOSSES(LK_INFO_ROW)};

lk_categorical_info lk_info_categorical(lk_categorical_loss loss) { return infos[loss]; }

typedef struct {
  lk_categorical_plan plan;
  lk_categorical_block body;
} lk_run;

// Whole lanes of rows, with as many scores as a block of samples has at least.
static lk_cut cut_rows(int64_t rows, int64_t classes) {
  int64_t length = (rows + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS, least = LK_MIN_BLOCK / (classes > 0 ? classes : 1);
  length = length < least ? least : length;
  if (classes <= LK_FEW_CLASSES)
    length = (length + LK_LANES - 1) & -(int64_t)LK_LANES;
  length = length < 1 ? 1 : length;
  return (lk_cut){.count = rows, .length = length, .blocks = (rows + length - 1) / length};
}

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->body(&run->plan, begin, end, partial);
}

lk_status lk_check_categorical(const lk_categorical_call *call, lk_result *result) {
  const lk_categorical_info *info = &infos[call->loss];
  for (int32_t p = 0; p < info->parameter_count; ++p) {
    if (lk_in_domain(info->parameter_domains[p], call->parameters[p], call->scalar))
      continue;
    result->bad_parameter = p;
    return lk_bad_parameter;
  }
  for (int64_t c = 0; call->class_weights && c < call->classes; ++c) {
    double weight = call->scalar == lk_scalar_float ? (double)((const float *)call->class_weights)[c]
                                                    : ((const double *)call->class_weights)[c];
    if (weight >= 0 && weight < INFINITY)
      continue;
    result->bad_index = c;
    return lk_bad_class_weight;
  }
  return lk_ok;
}

lk_status lk_categorical(const lk_categorical_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_status status = lk_check_categorical(call, result);
  if (status != lk_ok)
    return status;
  const lk_kernels *kernels = lk_select(&result->isa);
  lk_run run = {.plan = {.call = call, .factor = call->scale, .scratch = -1}};
  lk_cut cut = cut_rows(call->rows, call->classes);
  double size = (double)call->rows * (double)call->classes;
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(call->threads, 8 * size) : 1;
  int64_t outputs = (call->gradient != 0) + (call->curvature != 0);
  double bytes = size * (double)outputs * (call->scalar == lk_scalar_float ? 4 : 8);
  run.plan.streaming = cut.blocks > 1 && bytes > (double)lk_get_machine()->last_level_cache;
  // One thread finds the same row of exponentials in its cache all the way.
  if (threads == 1)
    run.plan.scratch = call->rows - 1;

  // The factor of a mean must be known before the first gradient is written.
  if (call->mean && (call->gradient || call->curvature)) {
    double weight = (double)call->rows;
    if (call->weights || call->class_weights || call->has_ignored) {
      run.body = kernels->categorical_weights[call->scalar];
      status = lk_run_blocks(&cut, threads, run_block, &run, result);
      if (status != lk_ok)
        return status;
      weight = result->weight;
    }
    run.plan.factor = weight == 0 ? 0 : call->scale / weight;
  }
  run.body = kernels->categorical[call->scalar];
  return lk_run_blocks(&cut, threads, run_block, &run, result);
}
