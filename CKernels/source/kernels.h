// What the instruction-set files offer to the rest: one table of block functions each.

#ifndef LK_KERNELS_H
#define LK_KERNELS_H

#include "CLossKernels.h"

#include <string.h>

#define LK_INLINE static inline __attribute__((always_inline))
// Kept out of line, so that what runs for every tile stays small: a short call notices.
#define LK_APART static __attribute__((noinline))

// Work is cut into blocks by the size of the problem alone, never by the number of threads, and partial results are
// combined in index order: that makes results the same for every thread count.
enum {
  LK_TILE = 512,             // samples that a tile map sees at once; they and their results sit in the L1 cache
  LK_CHUNK = 4096,           // samples that a fused kernel sees at once
  LK_GROUP = 16,             // samples that a map takes at a time; shorter tiles are padded to a multiple of it
  LK_PROGRAM_MEMORY = 32768, // bytes of the registers of a formula: they sit in the L1 cache
  LK_LANES = 32,             // virtual lanes of a sum: sample i of a block goes to lane i mod LK_LANES
  LK_MAX_BLOCKS = 256,       // partial sums of a call sit on the stack
  LK_MIN_BLOCK = 4096,       // samples
  LK_MAX_VECTOR_BLOCKS = 64, // partial gradients sit in a workspace
  LK_FEW_CLASSES = 32,       // up to here LK_LANES rows of scores lie side by side in the lanes
  LK_ROW_TILE = 4096,        // scores of one row whose exponentials sit on the stack
  LK_CLASS_ROWS = 64,        // rows of a model of several classes that are evaluated at a time
  LK_COLUMN_MEMORY = 32768   // bytes of the columns of a tile of rows, with their gradients: they sit in the L1 cache
};

// The result of one block.
typedef struct {
  double value;
  double weight;
  int64_t bad_index; // −1: none
  lk_status status;
} lk_partial;

// How a call over `count` samples is cut: a number of blocks of `length` samples, the last one cut short. There are at
// most LK_MAX_BLOCKS.
typedef struct {
  int64_t count, length, blocks;
  int64_t together; // so many that follow each other are run by one thread, in order; 0: each may have its own
} lk_cut;

lk_cut lk_cut_samples(int64_t count);

// Samples [begin, end) of a block.
typedef void (*lk_block_body)(void *context, int64_t block, int64_t begin, int64_t end, lk_partial *partial);

// Runs the blocks. Sets the value and the weight of the result to the sums of theirs, or its index to that of the first
// block that fails, whose status it returns.
lk_status lk_run_blocks(const lk_cut *cut, int32_t threads, lk_block_body body, void *context, lk_result *result);

// The rows of a model of several classes that are evaluated at a time: they and their scores sit in the L1 cache.
static inline int64_t lk_class_rows(int64_t columns, int64_t classes) {
  int64_t rows = (2048 / (columns + 2 * classes + 1)) & -(int64_t)4;
  return rows < 4 ? 4 : rows > LK_CLASS_ROWS ? LK_CLASS_ROWS : rows;
}

// The row that has the number i of an order.
static inline int64_t lk_row_at(const int64_t *order, int64_t i) { return order ? order[i] : i; }

static inline double lk_load(lk_scalar scalar, const void *x, int64_t i) {
  return scalar == lk_scalar_double ? ((const double *)x)[i] : (double)((const float *)x)[i];
}

static inline int64_t lk_block_end(const lk_cut *cut, int64_t block) {
  return block + 1 == cut->blocks ? cut->count : (block + 1) * cut->length;
}

typedef struct {
  const lk_call *call;
  double factor;     // of gradient and curvature
  int32_t streaming; // write outputs past the cache
} lk_pointwise_plan;

// `slopes`, where it is not null, is a sum that the block adds to: term_count × LK_TERM_SLOTS.
typedef void (*lk_pointwise_block)(const lk_pointwise_plan *plan, int64_t begin, int64_t end, double *slopes,
                                   lk_partial *partial);
typedef void (*lk_weight_block)(const void *weights, int64_t begin, int64_t end, lk_partial *partial);
typedef void (*lk_linear_block)(const lk_linear_call *call, int64_t begin, int64_t end, double *gradient,
                                double *slopes, lk_partial *partial);
// `scratch` has room for two rows of scores for each of lk_class_rows(…) rows.
typedef void (*lk_linear_classes_block)(const lk_linear_classes_call *call, int64_t begin, int64_t end,
                                        double *gradient, double *scratch, lk_partial *partial);
typedef void (*lk_gram_block)(const lk_gram_call *call, int64_t begin, int64_t end, double *gram);
// Adds factor × A E to `sums` for rows of A, E being size × size and `sums` of the shape of A.
typedef void (*lk_product_block)(const void *a, const double *e, int64_t size, double factor, double *sums,
                                 int64_t begin, int64_t end);
typedef void (*lk_penalty_block)(const lk_penalty_call *call, int64_t begin, int64_t end, lk_partial *partial);

// A block of rows of a call with rows; `factor` is that of the derivatives.
typedef void (*lk_row_block)(const void *call, double factor, int64_t begin, int64_t end, lk_partial *partial);

typedef struct {
  const lk_categorical_call *call;
  double factor;     // of gradient and curvature
  int32_t streaming; // write outputs past the cache
  int64_t scratch;   // the row of the gradient that holds the exponentials of long rows; −1: the last one of a block
} lk_categorical_plan;

typedef void (*lk_categorical_block)(const lk_categorical_plan *plan, int64_t begin, int64_t end, lk_partial *partial);
// `slopes`, where it is not null, is a sum that the block adds to: one number for each threshold. With `factor` NaN
// only the weights are summed.
typedef void (*lk_ordinal_block)(const lk_ordinal_call *call, double factor, int64_t begin, int64_t end, double *slopes,
                                 lk_partial *partial);
typedef void (*lk_update_block)(const lk_update_call *call, int64_t begin, int64_t end);
typedef void (*lk_square_sum_block)(const lk_square_sum_call *call, int64_t begin, int64_t end, lk_partial *partial);
// What a pass of Adafactor does to the rows or columns of a block. Few columns are summed over blocks of rows, and the
// sums of these then added, in their order.
typedef enum {
  lk_pass_rows,
  lk_pass_columns,
  lk_pass_column_sums,
  lk_pass_added_sums,
  lk_pass_size,
  lk_pass_step
} lk_adafactor_pass;
typedef struct {
  const lk_adafactor_call *call;
  lk_adafactor_pass pass;
  double *sums;     // of the squares of the columns, for each block of rows
  int64_t height;   // of such a block
  int64_t heights;  // how many there are
  double row_scale; // 1 over the mean of the means of the rows
  double length;    // of the step
} lk_adafactor_plan;
typedef void (*lk_adafactor_block)(const lk_adafactor_plan *plan, int64_t begin, int64_t end, lk_partial *partial);
typedef void (*lk_operate_function)(lk_operation operation, const void *const operands[4], void *output, int64_t count);

// Indexed by lk_scalar.
typedef struct {
  lk_pointwise_block pointwise[2];
  lk_weight_block weights[2];
  lk_linear_block linear[2];
  lk_linear_classes_block linear_classes[2];
  lk_gram_block gram[2];
  lk_product_block product[2];
  lk_penalty_block penalty[2];
  lk_update_block update[2];
  lk_square_sum_block square_sum[2];
  lk_adafactor_block adafactor[2];
  lk_operate_function operate[2];
  lk_categorical_block categorical[2];
  lk_categorical_block categorical_weights[2]; // the weights of the rows only
  lk_row_block distribution[2];
  lk_row_block divergence[2];
  lk_row_block multilabel[2];
  lk_ordinal_block ordinal[2];
} lk_kernels;

extern const lk_kernels lk_kernels_baseline;
#if defined(__x86_64__)
extern const lk_kernels lk_kernels_avx2;
extern const lk_kernels lk_kernels_avx512;
#endif

// What is known of the machine, found once.
typedef struct {
  lk_isa best;
  int32_t quota;            // of the control group; 0: none
  int64_t last_level_cache; // bytes
} lk_machine;

const lk_machine *lk_get_machine(void);

// The table of an instruction set; `*isa` becomes the one that is used.
const lk_kernels *lk_select(lk_isa *isa);

// Whether every parameter of every term is in its domain, also as the scalar; otherwise fills in the result.
lk_status lk_check_terms(const lk_term *terms, int64_t count, lk_scalar scalar, lk_result *result);

// Whether the parameters and the class weights of a call are allowed; otherwise fills in the result.
lk_status lk_check_categorical(const lk_categorical_call *call, lk_result *result);

// Whether a parameter is in its domain, also as the scalar.
int lk_in_domain(lk_domain domain, double value, lk_scalar scalar);

// Turns sums of derivatives by coefficients and parameters into the derivatives of the sum of the terms.
void lk_finish_slopes(const lk_term *terms, int64_t count, double factor, double *slopes);

// What a sample costs, in units of a plain one.
int32_t lk_work(lk_loss loss);

// The number of threads for an amount of work, in units of one plain sample.
int32_t lk_choose_threads(int32_t requested, double work);

#endif
