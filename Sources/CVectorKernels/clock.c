// The clock behind profiles and waiting.

#include <time.h>

#include "CUnrollVectorKernels.h"

uint64_t unroll_nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
