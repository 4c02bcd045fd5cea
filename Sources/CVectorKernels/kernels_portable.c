// The kernels for the instruction set that the package is built for: SSE2 on x86-64, NEON on arm64.

#include "template.h"

#define INSTRUCTION_SET portable
#define VECTORIZE_LONG VECTORIZE
#define VECTOR_BYTES 16
#if defined(__aarch64__)
// 32 registers, as with AVX-512: 6 × 4 sums, the panel's 4 and a factor take 29. 24 sums are enough for 4
// multiply-adds begun in a cycle with a latency of 4 (Apple's cores, Neoverse V1).
#define PANEL_VECTORS 4
#else
// 16 registers: 6 × 2 sums, the panel's 2 and a factor take 15.
#define PANEL_VECTORS 2
#endif
#include "kernels.inc"
