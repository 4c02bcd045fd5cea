// What the process has loaded: which library an address belongs to, and what a name stands for.

#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <dlfcn.h>

#include "CUnrollVectorKernels.h"

const char *unroll_library_of(const void *address) {
  Dl_info place;
  return dladdr(address, &place) != 0 && place.dli_fname ? place.dli_fname : "";
}

void *unroll_symbol(const char *name) { return dlsym(RTLD_DEFAULT, name); }
