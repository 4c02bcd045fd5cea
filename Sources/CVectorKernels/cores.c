// The cores that the system lets a process run on.

#if defined(__linux__)
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#endif
#include <string.h>
#include <unistd.h>

#include "CUnrollVectorKernels.h"

// FNV-1a, 64 bits.
static const uint64_t HASH_START = 0xcbf29ce484222325u;
static uint64_t hashed(uint64_t hash, const void *bytes, size_t count) {
  const unsigned char *byte = bytes;
  for (size_t i = 0; i < count; ++i) hash = (hash ^ byte[i]) * 0x100000001b3u;
  return hash;
}

// Linux names every start of a machine, and containers on one machine read the same name. Elsewhere the
// host's name has to do.
static uint64_t machine_hash(void) {
  char name[256] = {0};
#if defined(__linux__)
  FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
  if (file) {
    size_t count = fread(name, 1, sizeof name, file);
    fclose(file);
    if (count > 0) return hashed(HASH_START, name, count);
  }
#endif
  gethostname(name, sizeof name - 1);
  return hashed(HASH_START, name, strlen(name));
}

unroll_core_set unroll_cores(size_t bytes) {
  unroll_core_set cores = {0, machine_hash()};
#if defined(__linux__)
  // The system refuses a set that is too small for its CPUs. A million of them is beyond any machine.
  enum { MOST_BYTES = 1 << 17 };
  for (;; bytes *= 2) {
    if (bytes < sizeof(unsigned long)) bytes = sizeof(unsigned long);
    cpu_set_t *set = CPU_ALLOC(8 * bytes);
    if (!set) return cores;
    const size_t size = CPU_ALLOC_SIZE(8 * bytes);
    CPU_ZERO_S(size, set);
    const int failure = sched_getaffinity(0, size, set) == 0 ? 0 : errno;
    if (failure == 0) {
      cores.count = CPU_COUNT_S(size, set);
      for (size_t cpu = 0; cpu < 8 * size; ++cpu) {
        if (CPU_ISSET_S(cpu, size, set)) {
          cores.identity = hashed(cores.identity, &cpu, sizeof cpu);
        }
      }
    }
    CPU_FREE(set);
    if (failure != EINVAL || bytes >= MOST_BYTES) return cores;
  }
#else
  (void)bytes;
  return cores;
#endif
}
