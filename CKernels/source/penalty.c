// lk_penalty_run: evaluates the separable terms.

#include "kernels.h"

typedef struct {
  const lk_penalty_call *call;
  lk_penalty_block body;
} lk_run;

static void run_block(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_run *run = context;
  (void)block;
  run->body(run->call, begin, end, partial);
}

void lk_penalty_run(const lk_penalty_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_run run = {call, lk_select(&result->isa)->penalty[call->scalar]};
  lk_cut cut = lk_cut_samples(call->count);
  double work = (double)call->count * (double)(1 + call->term_count);
  lk_run_blocks(&cut, cut.blocks > 1 ? lk_choose_threads(call->threads, work) : 1, run_block, &run, result);
}
