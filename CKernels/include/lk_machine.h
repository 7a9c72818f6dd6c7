// The machine: threads, instruction set, caches.

#ifndef LK_MACHINE_H
#define LK_MACHINE_H

#include "lk_basics.h"

// Runs `body(context, block)` for every block, on at most `threads` threads; returns how many it used. The only
// parallel primitive: whoever calls it while another call runs in the process gets one thread.
LK_EXPORT int32_t lk_for_blocks(int64_t blocks, int32_t threads, void (*body)(void *context, int64_t block),
                                void *context);

// The best instruction set that calls use by default.
LK_EXPORT lk_isa lk_best_isa(void);

// Outputs of more bytes than this are written past the caches.
LK_EXPORT int64_t lk_last_level_cache(void);

// How many threads a call that chooses for itself may use: the least of affinity, OMP_NUM_THREADS and the CPU quota.
LK_EXPORT int32_t lk_available_threads(void);

// The CPU quota of a control group in whole processors, rounded up; 0 where there is none. `mount` is where control
// groups are mounted, `membership` the file that names the group ("/proc/self/cgroup").
LK_EXPORT int32_t lk_cpu_quota(const char *mount, const char *membership);

#endif
