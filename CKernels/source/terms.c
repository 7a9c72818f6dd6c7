// Facts of the losses, and the check of their parameters.

#include "kernels.h"

#include <math.h>

// In units of a plain sample.
enum { plain = 1, light = 1, heavy = 8, deep = 8, wide = 16 };

#define LK_INFO_ROW(name, targets, work, count, first, second, third)                                                  \
  {lk_targets_##targets, count, {lk_domain_##first, lk_domain_##second, lk_domain_##third}},
// The last row, for losses of the caller's own, allows everything.
static const lk_loss_info infos[lk_loss_count + 1] = {LK_LOSSES(LK_INFO_ROW)};

#define LK_WORK_ROW(name, targets, work, ...) work,
static const int32_t works[lk_loss_count] = {LK_LOSSES(LK_WORK_ROW)};

lk_loss_info lk_info(lk_loss loss) { return infos[loss]; }

lk_target_domain lk_targets_of(const lk_term *term) {
  lk_target_domain domain = infos[term->loss].targets;
  if (domain != lk_targets_by_power)
    return domain;
  double power = term->parameters[0];
  return power >= 2 ? lk_targets_positive : power >= 1 ? lk_targets_nonnegative : lk_targets_any;
}

int32_t lk_work(lk_loss loss) { return loss == lk_loss_custom ? heavy : works[loss]; }

static int in_domain(lk_domain domain, double value) {
  if (domain == lk_domain_below_infinity)
    return value < INFINITY;
  if (!isfinite(value))
    return 0;
  switch (domain) {
  case lk_domain_below_infinity:
  case lk_domain_none:
    return 1;
  case lk_domain_positive:
    return value > 0;
  case lk_domain_nonnegative:
    return value >= 0;
  case lk_domain_open_unit:
    return value > 0 && value < 1;
  case lk_domain_closed_unit:
    return value >= 0 && value <= 1;
  case lk_domain_at_least_one:
    return value >= 1;
  case lk_domain_at_least_minus_one:
    return value >= -1;
  case lk_domain_outside_unit:
    return value <= 0 || value >= 1;
  case lk_domain_one_or_two:
    return value == 1 || value == 2;
  }
  return 0;
}

int lk_in_domain(lk_domain domain, double value, lk_scalar scalar) {
  return in_domain(domain, scalar == lk_scalar_float ? (double)(float)value : value);
}

lk_status lk_check_terms(const lk_term *terms, int64_t count, lk_scalar scalar, lk_result *result) {
  for (int64_t t = 0; t < count; ++t) {
    const lk_loss_info *info = &infos[terms[t].loss];
    double coefficient = terms[t].coefficient;
    if (!isfinite(scalar == lk_scalar_float ? (double)(float)coefficient : coefficient)) {
      result->bad_index = t;
      result->bad_parameter = -1;
      return lk_bad_parameter;
    }
    for (int32_t p = 0; p < info->parameter_count; ++p) {
      // A parameter that leaves its domain when it is rounded would give NaN.
      if (lk_in_domain(info->parameter_domains[p], terms[t].parameters[p], scalar))
        continue;
      result->bad_index = t;
      result->bad_parameter = p;
      return lk_bad_parameter;
    }
  }
  return lk_ok;
}

void lk_finish_slopes(const lk_term *terms, int64_t count, double factor, double *slopes) {
  for (int64_t t = 0; t < count; ++t, slopes += LK_TERM_SLOTS) {
    double scale = factor * terms[t].coefficient;
    slopes[0] = factor == 0 ? 0 : factor * slopes[0];
    for (int p = 1; p < LK_TERM_SLOTS; ++p)
      slopes[p] = scale == 0 ? 0 : scale * slopes[p];
  }
}
