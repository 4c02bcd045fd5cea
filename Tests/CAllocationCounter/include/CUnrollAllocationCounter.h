#ifndef C_ALLOCATION_COUNTER_H
#define C_ALLOCATION_COUNTER_H

#include <stdbool.h>

/// Whether allocations can be counted here: glibc, no sanitizer.
bool allocation_counting_available(void);

/// The number of allocations the calling thread has made since it started.
long allocation_count(void);

#endif
