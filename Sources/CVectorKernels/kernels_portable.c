// The kernels for the instruction set that the package is built for: SSE2 on x86-64, NEON on arm64.

#include "template.h"

#define INSTRUCTION_SET portable
#define VECTORISE_LONG VECTORISE
#include "kernels.inc"
