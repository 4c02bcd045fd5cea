#ifndef TABLES_H
#define TABLES_H

#include "CUnrollVectorKernels.h"

// The tables that the kernels_….c files define.
extern const unroll_kernels unroll_portable_float, unroll_portable_double;
#if defined(__x86_64__)
extern const unroll_kernels unroll_avx2_float, unroll_avx2_double;
extern const unroll_kernels unroll_avx512_float, unroll_avx512_double;
#endif

#endif
