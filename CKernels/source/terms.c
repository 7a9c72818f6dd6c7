// Facts of the losses, and the check of their parameters.

#include "kernels.h"

#include <math.h>

enum { plain, heavy };

#define LK_INFO_ROW(name, targets, work, count, first, second)                                                         \
  {lk_targets_##targets, count, {lk_domain_##first, lk_domain_##second}},
static const lk_loss_info infos[lk_loss_count] = {LK_LOSSES(LK_INFO_ROW)};

#define LK_WORK_ROW(name, targets, work, count, first, second) work,
static const int works[lk_loss_count] = {LK_LOSSES(LK_WORK_ROW)};

lk_loss_info lk_info(lk_loss loss) { return infos[loss]; }

int lk_is_heavy(lk_loss loss) { return works[loss] == heavy; }

static int in_domain(lk_domain domain, double value) {
  if (!isfinite(value))
    return 0;
  switch (domain) {
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
  }
  return 0;
}

lk_status lk_check_terms(const lk_term *terms, int64_t count, lk_scalar scalar, lk_result *result) {
  for (int64_t t = 0; t < count; ++t) {
    const lk_loss_info *info = &infos[terms[t].loss];
    for (int32_t p = 0; p < info->parameter_count; ++p) {
      double value = terms[t].parameters[p];
      // A parameter that leaves its domain when it is rounded would give NaN.
      if (in_domain(info->parameter_domains[p], scalar == lk_scalar_float ? (double)(float)value : value))
        continue;
      result->bad_index = t;
      result->bad_parameter = p;
      return lk_bad_parameter;
    }
  }
  return lk_ok;
}
