// The kernels for x86-64 with AVX-512 (f, bw, dq, vl).

#include "template.h"

#if defined(__x86_64__)
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define INSTRUCTION_SET avx512
#define VECTORIZE_LONG \
  _Pragma("clang loop vectorize(assume_safety) vectorize_predicate(enable)")
#define VECTOR_BYTES 64
#define PANEL_VECTORS 4
#include "kernels.inc"
#pragma clang attribute pop
#endif
