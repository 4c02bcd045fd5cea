// The calling thread's treatment of subnormal numbers.

#include "CUnrollVectorKernels.h"

#if defined(__x86_64__)

#include <xmmintrin.h>

// MXCSR: flush to zero (bit 15) is for results, denormals are zero (bit 6) for operands.
static const unsigned flush_bits = 1u << 15 | 1u << 6;

uint64_t unroll_flush_subnormals(void) {
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | flush_bits);
  return before;
}

void unroll_restore_float_mode(uint64_t mode) { _mm_setcsr((unsigned)mode); }

#elif defined(__aarch64__)

// FPCR: FZ (bit 24) is for both operands and results.
static const uint64_t flush_bit = 1u << 24;

uint64_t unroll_flush_subnormals(void) {
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | flush_bit));
  return before;
}

void unroll_restore_float_mode(uint64_t mode) {
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
}

#else

uint64_t unroll_flush_subnormals(void) { return 0; }

void unroll_restore_float_mode(uint64_t mode) { (void)mode; }

#endif
