// Cuts samples into blocks, runs these, and combines their results in index order.

#include "kernels.h"

lk_cut lk_cut_samples(int64_t count) {
  int64_t length = (count + LK_MAX_BLOCKS - 1) / LK_MAX_BLOCKS;
  length = length < LK_MIN_BLOCK ? LK_MIN_BLOCK : (length + LK_TILE - 1) & -(int64_t)LK_TILE;
  return (lk_cut){.count = count, .length = length, .blocks = count == 0 ? 0 : (count + length - 1) / length};
}

typedef struct {
  const lk_cut *cut;
  lk_block_body body;
  void *context;
  int64_t together;
  lk_partial partials[LK_MAX_BLOCKS];
} lk_run;

static void run_together(void *context, int64_t group) {
  lk_run *run = context;
  int64_t begin = group * run->together, end = begin + run->together;
  for (int64_t block = begin; block < end && block < run->cut->blocks; ++block) {
    run->partials[block] = (lk_partial){.status = lk_ok};
    run->body(run->context, block, block * run->cut->length, lk_block_end(run->cut, block), &run->partials[block]);
  }
}

lk_status lk_run_blocks(const lk_cut *cut, int32_t threads, lk_block_body body, void *context, lk_result *result) {
  lk_run run;
  run.cut = cut;
  run.body = body;
  run.context = context;
  run.together = cut->together > 1 ? cut->together : 1;
  int64_t groups = (cut->blocks + run.together - 1) / run.together;
  int32_t used = 1;
  if (groups == 1)
    run_together(&run, 0);
  else
    used = lk_for_blocks(groups, threads, run_together, &run);
  result->threads = used > result->threads ? used : result->threads;
  double value = 0, weight = 0;
  for (int64_t block = 0; block < cut->blocks; ++block) {
    const lk_partial *partial = &run.partials[block];
    if (partial->status != lk_ok) {
      result->bad_index = partial->bad_index;
      return partial->status;
    }
    value += partial->value;
    weight += partial->weight;
  }
  result->value = value;
  result->weight = weight;
  return lk_ok;
}
