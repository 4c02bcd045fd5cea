// Which library an address belongs to.

#if defined(__linux__)
#define _GNU_SOURCE
#endif
#include <dlfcn.h>

#include "CUnrollVectorKernels.h"

const char *unroll_library_of(const void *address) {
  Dl_info place;
  return dladdr(address, &place) != 0 && place.dli_fname ? place.dli_fname : "";
}
