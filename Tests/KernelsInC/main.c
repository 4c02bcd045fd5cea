// Compares every kernel with a plain reference in long double, in each table that this CPU runs, for float
// and double, and prints the worst error as a share of its bound. The exit status is 1 where one is beyond it.
//
//   check-kernels [--can-fail] [TABLE …]
//
// Names choose tables, which the CPU must then run. --can-fail instead replaces each function of the portable
// table in turn by one that does nothing: a test must notice every one, so none is left out.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

static const struct {
  const char *name;
  void (*run)(void);
} tests[] = {
    {"exp, tanh and sigmoid", test_elementary}, {"activations", test_activations},
    {"cells", test_cells},                      {"steps", test_steps},
    {"products", test_products},                {"rows", test_rows},
    {"losses", test_losses},                    {"optimizers", test_optimizers},
    {"machine", test_machine},
};
enum { TESTS = sizeof tests / sizeof *tests };

static const unroll_kernels *table_named(const char *name, bool of_doubles) {
  return of_doubles ? unroll_kernels_double_named(name) : unroll_kernels_float_named(name);
}

static void run_tests(void) {
  for (int i = 0; i < TESTS; ++i) {
    worst_share = 0;
    tests[i].run();
    if (!quiet)
      printf("%s %s, %s: worst %.2Lf of the bound\n", kernels->name, is_double ? "double" : "float",
             tests[i].name, worst_share);
  }
}

// Two that do nothing. One of them returns something definite, whichever type is expected.
static double no_double(void) { return 99; }
static uint64_t no_integer(void) { return 1; }

// The fields of a table that are no functions.
static bool is_function(size_t offset) {
  return offset != offsetof(unroll_kernels, name) && offset != offsetof(unroll_kernels, panel_width)
      && offset != offsetof(unroll_kernels, vector_width);
}

static int check_that_tests_can_fail(void) {
  typedef void (*function)(void);
  _Static_assert(sizeof(function) == sizeof(size_t), "a table is made of fields of one size");
  const function nothing[] = {(function)no_double, (function)no_integer};
  int unnoticed = 0, count = 0;
  quiet = true;
  for (size_t offset = 0; offset < sizeof(unroll_kernels); offset += sizeof *nothing) {
    if (!is_function(offset)) continue;
    ++count;
    failures = 0;
    for (int kind = 0; kind < 2; ++kind) {
      unroll_kernels table = *table_named("portable", false);
      memcpy((char *)&table + offset, &nothing[kind], sizeof *nothing);
      test_table(&table, false);
      for (int i = 0; i < TESTS && failures == 0; ++i) tests[i].run();
    }
    if (failures > 0) continue;
    ++unnoticed;
    printf("No test notices that the table's function at byte %zu does nothing\n", offset);
  }
  printf("%d functions of a table, %d left out by the tests\n", count, unnoticed);
  return unnoticed > 0;
}

int main(int count, char **arguments) {
  if (count > 1 && strcmp(arguments[1], "--can-fail") == 0) return check_that_tests_can_fail();
  const char *all[] = {"avx512", "avx2", "portable"};
  const char *const *names = count > 1 ? (const char *const *)arguments + 1 : all;
  const int names_count = count > 1 ? count - 1 : 3;
  for (int i = 0; i < names_count; ++i)
    for (int of_doubles = 0; of_doubles < 2; ++of_doubles) {
      const unroll_kernels *table = table_named(names[i], of_doubles);
      if (table) {
        test_table(table, of_doubles);
        run_tests();
      } else if (count > 1) {
        printf("FAILED %s: this CPU cannot run such kernels\n", names[i]);
        ++failures;
      }
    }
  printf("%ld expectations failed\n", failures);
  return failures > 0;
}
