// The harness.

#include "check.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const unroll_kernels *kernels;
bool is_double;
wide unit;
long failures;
bool quiet;
wide worst_share;

const shape shapes[SHAPES] = {{1, 1},  {1, 5},  {1, 33},  {1, 250},  {3, 1},  {3, 5},
                              {3, 33}, {3, 250}, {17, 1}, {17, 5}, {17, 33}, {17, 250}};

// What stands before a failure, and how many the present test had.
static char context[160];
static long context_failures;
static uint64_t random_state;
static void *allocated[4096];
static size_t allocated_count;

void test_table(const unroll_kernels *table, bool of_doubles) {
  kernels = table;
  is_double = of_doubles;
  unit = of_doubles ? DBL_EPSILON : FLT_EPSILON;
}

void begin(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(context, sizeof context, format, arguments);
  va_end(arguments);
  while (allocated_count > 0) free(allocated[--allocated_count]);
  random_state = 1;
  context_failures = 0;
}

static void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void fail(const char *format, ...) {
  // A wrong kernel is wrong in most places.
  enum { SHOWN = 3 };
  ++failures;
  if (++context_failures > SHOWN || quiet) return;
  printf("FAILED %s %s: %s: ", kernels->name, is_double ? "double" : "float", context);
  va_list arguments;
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
}

void expect(bool is_true, const char *what) {
  if (!is_true) fail("%s", what);
}

void expect_near(wide value, wide exact, wide bound, const char *what, size_t place) {
  wide error = value == exact ? 0 : fabsl(value - exact);
  if (bound > 0 && error / bound > worst_share) worst_share = error / bound;
  // Not error > bound, which NaN is not.
  if (!(error <= bound))
    fail("%s: %.17Lg at %zu, not %.17Lg, off by %.3Lg times the bound", what, value, place, exact,
         error / bound);
}

uint64_t random_bits(void) {
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

wide random_between(wide low, wide high) {
  return low + (high - low) * (wide)(random_bits() >> 11) * 0x1p-53L;
}

wide rounded(wide x) { return is_double ? (wide)(double)x : (wide)(float)x; }

wide largest_number(void) { return is_double ? (wide)DBL_MAX : (wide)FLT_MAX; }
wide least_normal(void) { return is_double ? (wide)DBL_MIN : (wide)FLT_MIN; }
wide least_number(void) { return least_normal() * unit; }

wide unit_of(wide x) {
  int exponent;
  frexpl(rounded(x), &exponent);
  wide result = ldexpl(unit, exponent - 1);
  return result < least_number() ? least_number() : result;
}

void *memory(size_t bytes) {
  void *block = calloc(bytes > 0 ? bytes : 1, 1);
  if (!block || allocated_count == sizeof allocated / sizeof *allocated) {
    fprintf(stderr, "The tests of the kernels need more memory\n");
    exit(2);
  }
  allocated[allocated_count++] = block;
  return block;
}

void *elements(size_t count) {
  void *array = memory(count * (is_double ? sizeof(double) : sizeof(float)));
  for (size_t place = 0; place < count; ++place) set_element(array, place, NAN);
  return array;
}

wide element(const void *array, size_t place) {
  return is_double ? (wide)((const double *)array)[place] : (wide)((const float *)array)[place];
}

void set_element(void *array, size_t place, wide value) {
  if (is_double)
    ((double *)array)[place] = (double)value;
  else
    ((float *)array)[place] = (float)value;
}

wide *wides(size_t count) { return memory(count * sizeof(wide)); }

static const wide OUTPUT_MARK = 77, UNWRITTEN = -99;

static size_t size_of(matrix m) { return (m.rows + 1) * m.stride; }

static matrix marked(size_t rows, size_t columns, wide mark) {
  matrix m = {rows, columns, columns + 3, NULL};
  m.data = elements(size_of(m));
  for (size_t place = 0; place < size_of(m); ++place) set_element(m.data, place, mark);
  return m;
}

static matrix with_random(matrix m, wide low, wide high) {
  for (size_t r = 0; r < m.rows; ++r)
    for (size_t j = 0; j < m.columns; ++j) set(m, r, j, random_between(low, high));
  return m;
}

matrix input(size_t rows, size_t columns, wide low, wide high) {
  return with_random(marked(rows, columns, NAN), low, high);
}

matrix output(size_t rows, size_t columns) {
  return with_random(marked(rows, columns, OUTPUT_MARK), UNWRITTEN, UNWRITTEN);
}

matrix random_output(size_t rows, size_t columns, wide low, wide high) {
  return with_random(marked(rows, columns, OUTPUT_MARK), low, high);
}

matrix as_output(matrix source) {
  matrix m = marked(source.rows, source.columns, OUTPUT_MARK);
  for (size_t r = 0; r < m.rows; ++r)
    for (size_t j = 0; j < m.columns; ++j) set(m, r, j, at(source, r, j));
  return m;
}

matrix copy_of(matrix source) {
  matrix m = source;
  m.data = elements(size_of(m));
  for (size_t place = 0; place < size_of(m); ++place)
    set_element(m.data, place, element(source.data, place));
  return m;
}

wide at(matrix m, size_t row, size_t column) { return element(m.data, row * m.stride + column); }

void set(matrix m, size_t row, size_t column, wide value) {
  set_element(m.data, row * m.stride + column, value);
}

wide *values_of(matrix m) {
  wide *values = wides(m.rows * m.columns);
  for (size_t r = 0; r < m.rows; ++r)
    for (size_t j = 0; j < m.columns; ++j) values[r * m.columns + j] = at(m, r, j);
  return values;
}

void expect_close(matrix m, const wide *exact, wide ulps, const char *what) {
  for (size_t place = 0; place < m.rows * m.columns; ++place) {
    wide value = at(m, place / m.columns, place % m.columns);
    expect_near(value, exact[place], ulps * unit * fmaxl(1, fabsl(exact[place])), what, place);
  }
  for (size_t place = 0; place < size_of(m); ++place) {
    if (place < m.rows * m.stride && place % m.stride < m.columns) continue;
    if (element(m.data, place) != OUTPUT_MARK) {
      fail("%s: written outside, at %zu", what, place);
      return;
    }
  }
}

void expect_same(matrix a, matrix b, const char *what) { expect_close(a, values_of(b), 0, what); }
