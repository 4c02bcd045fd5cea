// What the CPU offers and what it is called.

#include "CUnrollVectorKernels.h"

#include <pthread.h>
#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

unroll_cpu_features unroll_cpu(void) {
#if defined(__x86_64__)
  return (unroll_cpu_features){
      .avx2_fma = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
      .avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
          && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
          && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"),
      .avx512_bf16 = __builtin_cpu_supports("avx512bf16") != 0,
  };
#else
  return (unroll_cpu_features){false, false, false};
#endif
}

enum { NAME_BYTES = 128 };
static char name[NAME_BYTES];

// Reads the name as the system gives it, perhaps between spaces; leaves `brand` empty without one.
static void read_brand(char brand[NAME_BYTES]) {
#if defined(__x86_64__)
  // Leaves 0x80000002 to 0x80000004 of cpuid, 16 bytes each.
  unsigned registers[12];
  for (unsigned i = 0; i < 3; ++i) {
    unsigned *r = registers + 4 * i;
    if (!__get_cpuid(0x80000002 + i, r, r + 1, r + 2, r + 3)) return;
  }
  memcpy(brand, registers, sizeof registers);
#elif defined(__APPLE__)
  size_t size = NAME_BYTES - 1;
  if (sysctlbyname("machdep.cpu.brand_string", brand, &size, NULL, 0) != 0) brand[0] = 0;
#else
  (void)brand;
#endif
}

static void read_name(void) {
  char brand[NAME_BYTES] = {0};
  read_brand(brand);
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
