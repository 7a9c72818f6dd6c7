// What the library knows of the machine: instruction set, caches, and how many processors it may use.

#define _GNU_SOURCE
#include "kernels.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__linux__)
#include <sched.h>
#endif
#if defined(_OPENMP)
#include "openmp.h"
#endif

static lk_machine machine;
static pthread_once_t machine_once = PTHREAD_ONCE_INIT;
static atomic_bool machine_is_known; // a short call notices the price of pthread_once

static lk_isa detect_isa(void) {
  lk_isa best = lk_isa_baseline;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2"))
    best = lk_isa_avx2;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl"))
    best = lk_isa_avx512;
#endif
  static const char *const names[] = {"baseline", "avx2", "avx512"};
  const char *wish = getenv("LOSSES_ISA");
  for (lk_isa isa = lk_isa_baseline; wish && isa < best; ++isa)
    if (strcmp(wish, names[isa]) == 0)
      return isa;
  return best;
}

// Reads up to `capacity − 1` bytes of a small file as text; 0 where it cannot.
static int read_text(const char *path, char *text, size_t capacity) {
  FILE *file = fopen(path, "re");
  if (!file)
    return 0;
  size_t length = fread(text, 1, capacity - 1, file);
  fclose(file);
  text[length] = 0;
  return length > 0;
}

// The cache that the first processor shares with the fewest others. sysconf gives the sum over the whole socket, of
// which a guest or one core complex sees a part only.
static int64_t last_level_cache(void) {
  char text[64];
  for (int index = 4; index > 1; --index) {
    char path[80];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/size", index);
    int64_t kilobytes = read_text(path, text, sizeof text) ? strtoll(text, 0, 10) : 0;
    if (kilobytes > 0 && kilobytes < (int64_t)1 << 30)
      return kilobytes << 10;
  }
  return (int64_t)32 << 20;
}

static void find_machine(void) {
  machine.best = detect_isa();
  machine.quota = lk_cpu_quota("/sys/fs/cgroup", "/proc/self/cgroup");
  machine.last_level_cache = last_level_cache();
  atomic_store_explicit(&machine_is_known, 1, memory_order_release);
}

const lk_machine *lk_get_machine(void) {
  if (!atomic_load_explicit(&machine_is_known, memory_order_acquire))
    pthread_once(&machine_once, find_machine);
  return &machine;
}

int64_t lk_last_level_cache(void) { return lk_get_machine()->last_level_cache; }

lk_isa lk_best_isa(void) { return lk_get_machine()->best; }

const lk_kernels *lk_select(lk_isa *isa) {
  lk_isa best = lk_get_machine()->best;
  // A processor's own abilities bound what a call may ask for; the environment only lowers the default.
#if defined(__x86_64__)
  if (*isa == lk_isa_avx512 && !__builtin_cpu_supports("avx512bw"))
    *isa = lk_isa_avx2;
  if (*isa == lk_isa_avx2 && !__builtin_cpu_supports("avx2"))
    *isa = lk_isa_baseline;
  if (*isa >= lk_isa_best)
    *isa = best;
  switch (*isa) {
  case lk_isa_avx512:
    return &lk_kernels_avx512;
  case lk_isa_avx2:
    return &lk_kernels_avx2;
  default:
    return &lk_kernels_baseline;
  }
#else
  *isa = best;
  return &lk_kernels_baseline;
#endif
}

static int32_t rounded_up(double processors) {
  int32_t whole = processors < 1e6 ? (int32_t)processors : 1000000;
  return whole < processors ? whole + 1 : whole > 0 ? whole : 1;
}

// Version 2 has "quota period" or "max period" in cpu.max, version 1 has two files.
static int32_t quota_of_directory(const char *directory) {
  char path[4352], text[256], period_text[256];
  double quota, period;
  snprintf(path, sizeof path, "%s/cpu.max", directory);
  if (read_text(path, text, sizeof text) && sscanf(text, "%lf %lf", &quota, &period) == 2 && quota > 0 && period > 0)
    return rounded_up(quota / period);
  snprintf(path, sizeof path, "%s/cpu.cfs_quota_us", directory);
  if (!read_text(path, text, sizeof text))
    return 0;
  snprintf(path, sizeof path, "%s/cpu.cfs_period_us", directory);
  if (!read_text(path, period_text, sizeof period_text))
    return 0;
  quota = strtod(text, 0), period = strtod(period_text, 0);
  return quota > 0 && period > 0 ? rounded_up(quota / period) : 0;
}

// The tightest quota from the group at `mount/group` up to `mount` itself.
static int32_t quota_of_group(const char *mount, const char *group) {
  char directory[4096];
  if (snprintf(directory, sizeof directory, "%s%s", mount, group) >= (int)sizeof directory)
    return 0;
  int32_t least = 0;
  for (size_t root = strlen(mount);;) {
    int32_t quota = quota_of_directory(directory);
    if (quota > 0 && (least == 0 || quota < least))
      least = quota;
    char *slash = strrchr(directory, '/');
    if (!slash || (size_t)(slash - directory) < root)
      return least;
    *slash = 0;
  }
}

// Lines of the membership file are "id:controllers:path"; version 2 has no controllers.
int32_t lk_cpu_quota(const char *mount, const char *membership) {
  char text[8192], base[4096];
  if (!read_text(membership, text, sizeof text))
    return 0;
  int32_t least = 0;
  char *rest = 0;
  for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(0, "\n", &rest)) {
    char *controllers = strchr(line, ':');
    char *group = controllers ? strchr(controllers + 1, ':') : 0;
    if (!group)
      continue;
    *group++ = 0;
    ++controllers;
    int version2 = *controllers == 0;
    if (!version2 && strcmp(controllers, "cpu") != 0 && strcmp(controllers, "cpu,cpuacct") != 0 &&
        strcmp(controllers, "cpuacct,cpu") != 0)
      continue;
    if (snprintf(base, sizeof base, version2 ? "%s" : "%s/%s", mount, controllers) >= (int)sizeof base)
      continue;
    int32_t quota = quota_of_group(base, strcmp(group, "/") == 0 ? "" : group);
    if (quota > 0 && (least == 0 || quota < least))
      least = quota;
  }
  return least;
}

int32_t lk_available_threads(void) {
#if defined(_OPENMP)
  lk_join_openmp();
  int32_t threads = omp_get_max_threads();
  int32_t quota = lk_get_machine()->quota;
  if (quota > 0 && quota < threads)
    threads = quota;
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) < threads)
    threads = CPU_COUNT(&set);
#endif
  return threads < 1 ? 1 : threads;
#else
  return 1;
#endif
}

// A parallel region costs some microseconds; below this much work, in plain samples, one thread is as fast.
static const double parallel_work = 1 << 18;

int32_t lk_choose_threads(int32_t requested, double work) {
  if (requested > 0)
    return requested;
  return work < parallel_work ? 1 : lk_available_threads();
}
