#ifndef PROFILE_H
#define PROFILE_H

// Where the time of a run of steps goes. Without a profile nothing is read from the clock.

#include "CUnrollVectorKernels.h"

static inline uint64_t profile_start(const unroll_profile *profile) {
  return profile ? unroll_nanoseconds() : 0;
}

// Adds the nanoseconds since `start` to the field of `profile` at `offset`.
static inline void profile_end(unroll_profile *profile, uint64_t start, size_t offset) {
  if (profile) *(uint64_t *)((char *)profile + offset) += unroll_nanoseconds() - start;
}

#endif
