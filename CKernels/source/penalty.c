// lk_penalty: cuts the coefficients into blocks, runs them and adds their values in index order.

#include "kernels.h"

typedef struct {
  const lk_penalty_call *call;
  lk_penalty_block body;
  lk_cut cut;
  lk_partial partials[LK_MAX_BLOCKS];
} lk_run;

static void run_block(void *context, int64_t block) {
  lk_run *run = context;
  run->body(run->call, block * run->cut.length, lk_block_end(&run->cut, block), &run->partials[block]);
}

void lk_penalty_run(const lk_penalty_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run;
  run.call = call;
  run.body = lk_select(&result->isa)->penalty[call->scalar];
  run.cut = lk_cut_samples(call->count);
  for (int64_t b = 0; b < run.cut.blocks; ++b)
    run.partials[b] = (lk_partial){.status = lk_ok};
  int32_t threads =
      run.cut.blocks > 1 ? lk_choose_threads(call->threads, (double)call->count * (double)(1 + call->term_count)) : 1;
  result->threads = lk_for_blocks(run.cut.blocks, threads, run_block, &run);
  for (int64_t b = 0; b < run.cut.blocks; ++b)
    result->value += run.partials[b].value;
}
