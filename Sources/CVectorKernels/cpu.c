// What the CPU offers and what it is called.

#include "CUnrollVectorKernels.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <pthread.h>
#include <string.h>

unroll_cpu_features unroll_cpu(void) {
  return (unroll_cpu_features){
      .avx2_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
      .avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
          && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
      .avx512_bf16 = __builtin_cpu_supports("avx512bf16") != 0,
  };
}

// The brand string: leaves 0x80000002 to 0x80000004 of cpuid, 16 bytes each, padded with spaces.
static char name[49];

static void read_name(void) {
  unsigned registers[12];
  for (unsigned i = 0; i < 3; ++i) {
    unsigned *r = registers + 4 * i;
    if (!__get_cpuid(0x80000002 + i, r, r + 1, r + 2, r + 3)) return;
  }
  char brand[49] = {0};
  memcpy(brand, registers, sizeof registers);
  const char *start = brand + strspn(brand, " ");
  size_t length = strlen(start);
  while (length > 0 && start[length - 1] == ' ') --length;
  memcpy(name, start, length);
}

const char *unroll_cpu_name(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, read_name);
  return name;
}

#else

unroll_cpu_features unroll_cpu(void) { return (unroll_cpu_features){false, false, false}; }

const char *unroll_cpu_name(void) { return ""; }

#endif
