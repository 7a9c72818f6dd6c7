// The C ABI under the Swift module `Losses`. It has no stable API: it may change in any release.

#ifndef LK_CLOSSKERNELS_H
#define LK_CLOSSKERNELS_H

#include "lk_basics.h"
#include "lk_categorical.h"
#include "lk_formulas.h"
#include "lk_linear.h"
#include "lk_losses.h"
#include "lk_machine.h"
#include "lk_penalties.h"
#include "lk_pointwise.h"
#include "lk_rows.h"
#include "lk_updates.h"

#endif
