// Counts the memory allocations of the calling thread, by standing in for malloc and its relatives (glibc only).

#ifndef CTESTSUPPORT_H
#define CTESTSUPPORT_H

#include <stdint.h>

// Whether allocations are counted on this platform.
int test_counts_allocations(void);

// How many allocations this thread has made so far.
int64_t test_allocation_count(void);

#endif
