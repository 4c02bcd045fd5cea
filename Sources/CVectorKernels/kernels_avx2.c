// The kernels for x86-64 with AVX2 and FMA.

#include "template.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define INSTRUCTION_SET avx2
#define VECTORIZE_LONG VECTORIZE
#define VECTOR_BYTES 32
#define PANEL_VECTORS 2
#include "kernels.inc"
#pragma clang attribute pop
#endif
