// lk_update_run and lk_square_sum.

#include "kernels.h"

// Blocks are small enough to share among threads, and large enough that a call of one costs little.
typedef struct {
  const lk_update_call *call;
  lk_update_block body;
} lk_update_context;

static void run_update(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_update_context *run = context;
  (void)block, (void)partial;
  run->body(run->call, begin, end);
}

void lk_update_run(const lk_update_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_update_context run = {call, lk_select(&result->isa)->update[call->scalar]};
  lk_cut cut = lk_cut_samples(call->count);
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(call->threads, 4 * (double)call->count) : 1;
  lk_run_blocks(&cut, threads, run_update, &run, result);
}

typedef struct {
  const lk_square_sum_call *call;
  lk_square_sum_block body;
} lk_square_sum_context;

static void run_square_sum(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial) {
  const lk_square_sum_context *run = context;
  (void)block;
  run->body(run->call, begin, end, partial);
}

void lk_square_sum(const lk_square_sum_call *call, lk_result *result) {
  *result = (lk_result){.threads = 1, .isa = call->isa};
  lk_square_sum_context run = {call, lk_select(&result->isa)->square_sum[call->scalar]};
  lk_cut cut = lk_cut_samples(call->count);
  int32_t threads = cut.blocks > 1 ? lk_choose_threads(call->threads, (double)call->count) : 1;
  lk_run_blocks(&cut, threads, run_square_sum, &run, result);
}
