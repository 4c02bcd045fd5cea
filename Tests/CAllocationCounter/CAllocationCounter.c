#include "CUnrollAllocationCounter.h"

#include <stddef.h>
#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZED)

// The test program's own definitions take the place of glibc's for every library it loads, so each
// allocation of the Swift runtime, Foundation or OpenBLAS passes here.
#include <errno.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

static _Thread_local long count;

void *malloc(size_t size) {
  ++count;
  return __libc_malloc(size);
}

void *calloc(size_t n, size_t size) {
  ++count;
  return __libc_calloc(n, size);
}

void *realloc(void *old, size_t size) {
  ++count;
  return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  ++count;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
  ++count;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}

bool allocation_counting_available(void) { return true; }
long allocation_count(void) { return count; }

#else

bool allocation_counting_available(void) { return false; }
long allocation_count(void) { return 0; }

#endif
