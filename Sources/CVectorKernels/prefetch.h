#ifndef PREFETCH_H
#define PREFETCH_H

// What a product prefetches on the side: up to two regions of memory.

#include <stddef.h>

enum { CACHE_LINE = 64 };

typedef struct {
  const char *start;
  size_t lines;
} prefetch_region;

typedef struct {
  prefetch_region regions[2];
} prefetch_list;

static inline prefetch_region region_of(const void *start, size_t bytes) {
  return (prefetch_region){start, bytes / CACHE_LINE};
}

// Takes `count` lines off the list, or what is left of a region, and says where they start; NULL
// when nothing is left.
static inline const char *next_lines(prefetch_list *list, size_t count) {
  for (int i = 0; i < 2; ++i) {
    prefetch_region *region = &list->regions[i];
    if (region->lines == 0) continue;
    const char *start = region->start;
    size_t taken = count < region->lines ? count : region->lines;
    region->start += taken * CACHE_LINE;
    region->lines -= taken;
    return start;
  }
  return NULL;
}

#endif
