#ifndef PROFILE_H
#define PROFILE_H

// Where the time of a run of steps goes. Without a profile nothing is read from the clock.

#include <time.h>

#include "CVectorKernels.h"

static inline uint64_t profile_start(const unroll_profile *profile) {
  if (!profile) return 0;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// Adds the nanoseconds since `start` to the field of `profile` at `offset`.
static inline void profile_end(unroll_profile *profile, uint64_t start, size_t offset) {
  if (profile) *(uint64_t *)((char *)profile + offset) += profile_start(profile) - start;
}

#endif
