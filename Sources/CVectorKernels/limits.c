// How much memory the limits of this process leave it.

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "CUnrollVectorKernels.h"

#if defined(__linux__)
static uint64_t left_of(rlim_t limit, unsigned long pages) {
  if (limit == RLIM_INFINITY) return UINT64_MAX;
  uint64_t used = (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE);
  return limit > used ? limit - used : 0;
}
#endif

unroll_left unroll_memory_left(void) {
  unroll_left left = {UINT64_MAX, UINT64_MAX};
#if defined(__linux__)
  struct rlimit space = {RLIM_INFINITY, RLIM_INFINITY}, data = space;
  getrlimit(RLIMIT_AS, &space);
  getrlimit(RLIMIT_DATA, &data);
  if (space.rlim_cur == RLIM_INFINITY && data.rlim_cur == RLIM_INFINITY) return left;
  // Pages: size resident shared text library data.
  unsigned long size = 0, held = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file) {
    if (fscanf(file, "%lu %*u %*u %*u %*u %lu", &size, &held) != 2) size = held = 0;
    fclose(file);
  }
  left.address_space = left_of(space.rlim_cur, size);
  left.data = left_of(data.rlim_cur, held);
#endif
  return left;
}

bool unroll_can_map(size_t bytes, size_t count) {
  // Each mapping begins with the address of the one before. One by one, because systems refuse a single
  // mapping of more than the memory that is built in.
  void *last = NULL;
  size_t mapped = 0;
  for (; mapped < count; ++mapped) {
    void *address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
    if (address == MAP_FAILED) break;
    *(void **)address = last;
    last = address;
  }
  while (last) {
    void *before = *(void **)last;
    munmap(last, bytes);
    last = before;
  }
  return mapped == count;
}
