// The kernels for the instruction set that the package is built for: SSE2 on x86-64, NEON on arm64.

#include "template.h"

#define INSTRUCTION_SET portable
#define VECTORIZE_LONG VECTORIZE
#define VECTOR_BYTES 16
#if defined(__aarch64__)
#define PANEL_VECTORS 4
#else
#define PANEL_VECTORS 2
#endif
#include "kernels.inc"
