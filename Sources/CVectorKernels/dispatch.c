// The choice among the tables.

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "tables.h"

enum { TABLES = 3 };
typedef _Atomic(const unroll_kernels *) atomic_table;

// Best first; NULL where this architecture lacks one.
#if defined(__x86_64__)
static const unroll_kernels *const float_tables[TABLES] = {
    &unroll_avx512_float, &unroll_avx2_float, &unroll_portable_float};
static const unroll_kernels *const double_tables[TABLES] = {
    &unroll_avx512_double, &unroll_avx2_double, &unroll_portable_double};
#else
static const unroll_kernels *const float_tables[TABLES] = {NULL, NULL, &unroll_portable_float};
static const unroll_kernels *const double_tables[TABLES] = {NULL, NULL, &unroll_portable_double};
#endif

// The first of `tables` that this CPU can run, and that has this name unless `name` is NULL.
static const unroll_kernels *find(const unroll_kernels *const tables[TABLES], const char *name) {
  unroll_cpu_features cpu = unroll_cpu();
  const bool runs[TABLES] = {cpu.avx512, cpu.avx2_fma, true};
  for (int i = 0; i < TABLES; ++i)
    if (tables[i] && runs[i] && (!name || strcmp(name, tables[i]->name) == 0)) return tables[i];
  return NULL;
}

// The table that UNROLL_KERNELS names, else the best. Threads that come here at once find the same
// table, so the order of their stores does not matter.
static const unroll_kernels *choose(
    atomic_table *chosen, const unroll_kernels *const tables[TABLES]) {
  const unroll_kernels *table = atomic_load_explicit(chosen, memory_order_relaxed);
  if (!table) {
    const char *requested = getenv("UNROLL_KERNELS");
    if (requested && *requested) table = find(tables, requested);
    if (!table) table = find(tables, NULL);
    atomic_store_explicit(chosen, table, memory_order_relaxed);
  }
  return table;
}

const unroll_kernels *unroll_kernels_float(void) {
  static atomic_table chosen;
  return choose(&chosen, float_tables);
}

const unroll_kernels *unroll_kernels_double(void) {
  static atomic_table chosen;
  return choose(&chosen, double_tables);
}

const unroll_kernels *unroll_kernels_float_named(const char *name) {
  return name ? find(float_tables, name) : NULL;
}

const unroll_kernels *unroll_kernels_double_named(const char *name) {
  return name ? find(double_tables, name) : NULL;
}
