// The choice of a table, the float mode, cores, clock and the CPU's name.

#include <stdlib.h>
#include <string.h>

#include "check.h"

static void choice(void) {
  begin("choice of kernels");
  const unroll_cpu_features cpu = unroll_cpu();
  const struct {
    const char *name;
    bool runs;
  } tables[] = {{"avx512", cpu.avx512}, {"avx2", cpu.avx2_fma}, {"portable", true}};
  const char *best = NULL;
  for (int i = 0; i < 3; ++i) {
    const unroll_kernels *table =
        is_double ? unroll_kernels_double_named(tables[i].name) : unroll_kernels_float_named(tables[i].name);
    expect((table != NULL) == tables[i].runs, "found by name where the CPU runs it");
    if (table) expect(strcmp(table->name, tables[i].name) == 0, "its name");
    if (tables[i].runs && !best) best = tables[i].name;
  }
  if (!getenv("UNROLL_KERNELS"))
    expect(strcmp((is_double ? unroll_kernels_double() : unroll_kernels_float())->name, best) == 0, "the best");
  expect(!unroll_kernels_float_named("avx") && !unroll_kernels_double_named(NULL), "no such table");
}

static wide product(wide a, wide b) {
  void *x = elements(1), *y = elements(1);
  set_element(x, 0, b);
  set_element(y, 0, a);
  kernels->multiply(1, 1, x, 1, y, 1);
  return element(y, 0);
}

// Taken in a kernel, so that no compiler evaluates the product beforehand. `element` widens and `set_element`
// rounds, which subnormal numbers must not meet while they are flushed: the numbers are made before.
static void subnormal_numbers(void) {
  begin("subnormal numbers");
  expect(product(least_normal(), 0.5L) == least_normal() / 2, "kept at first");
  void *x = elements(2), *y = elements(2);
  set_element(x, 0, 0.5L);
  set_element(y, 0, least_normal());
  set_element(x, 1, 1 / least_normal());
  set_element(y, 1, least_number());
  const uint64_t outer = unroll_flush_subnormals();
  const uint64_t inner = unroll_flush_subnormals();
  unroll_restore_float_mode(inner);
  kernels->multiply(1, 2, x, 2, y, 2);
  unroll_restore_float_mode(outer);
#if defined(__x86_64__) || defined(__aarch64__)
  expect(element(y, 0) == 0, "a result flushed");
  expect(element(y, 1) == 0, "a factor flushed");
#endif
  expect(product(least_normal(), 0.5L) == least_normal() / 2, "kept again");
}

static void the_system(void) {
  begin("the system");
  const uint64_t start = unroll_nanoseconds();
  unroll_pause();
  expect(unroll_nanoseconds() >= start, "time goes on");
  const char *name = unroll_cpu_name();
  const size_t length = strlen(name);
  expect(length == 0 || (name[0] != ' ' && name[length - 1] != ' '), "the CPU's name between no spaces");
#if defined(__linux__)
  expect(unroll_cores(1).count > 0, "cores");
  expect(unroll_cores(1).identity == unroll_cores(128).identity, "the same cores by any size of set");
#endif
}

void test_machine(void) {
  choice();
  subnormal_numbers();
  the_system();
}
