#ifndef CHECK_H
#define CHECK_H

// What the tests of the C kernels share: the table under test, matrices with marks around them, random
// numbers, and expectations. References are in long double: 64 or 113 bits where the CPU or the compiler has
// them, 53 on macOS for arm64.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "CUnrollVectorKernels.h"

typedef long double wide;

// The table under test, its element type, and the distance from 1 to the next number of that type.
extern const unroll_kernels *kernels;
extern bool is_double;
extern wide unit;
void test_table(const unroll_kernels *table, bool of_doubles);

// Expectations that failed since the start; each is printed, unless `quiet`.
extern long failures;
extern bool quiet;
// The share of its bound that the worst value took, since it was last set to 0.
extern wide worst_share;

// Begins a test: frees the last one's matrices, and seeds the random numbers. The text, with numbers as in
// printf, stands before what fails in it.
void begin(const char *format, ...) __attribute__((format(printf, 1, 2)));
void expect(bool is_true, const char *what);
// Expects |value - exact| <= bound; NaN is never close.
void expect_near(wide value, wide exact, wide bound, const char *what, size_t place);

// SplitMix64.
uint64_t random_bits(void);
wide random_between(wide low, wide high);

// x as a number of the element type; the unit in the last place of such a number.
wide rounded(wide x);
wide unit_of(wide x);
wide largest_number(void);
wide least_normal(void);
wide least_number(void);

// Memory that the next test frees. An array of elements, NaN at first, and access to it.
void *memory(size_t bytes);
void *elements(size_t count);
wide element(const void *array, size_t place);
void set_element(void *array, size_t place, wide value);
// Memory for expected values.
wide *wides(size_t count);

// A row-major matrix whose rows lie further apart than they are long. Between and behind them lie marks: NaN
// around inputs, so that reading one shows in the results, a number around outputs, so that writing there
// shows.
typedef struct {
  size_t rows, columns, stride;
  void *data;
} matrix;

// Random numbers from low to high.
matrix input(size_t rows, size_t columns, wide low, wide high);
matrix output(size_t rows, size_t columns);
matrix random_output(size_t rows, size_t columns, wide low, wide high);
// The same values with the marks of an output.
matrix as_output(matrix source);
// All of it, marks included.
matrix copy_of(matrix source);
wide at(matrix m, size_t row, size_t column);
void set(matrix m, size_t row, size_t column, wide value);

// Expects |value - exact| <= ulps · unit · max(1, |exact|) everywhere, and the outside untouched. The tests'
// numbers are of the order of 1, so the bound allows for cancellation.
void expect_close(matrix m, const wide *exact, wide ulps, const char *what);
void expect_same(matrix a, matrix b, const char *what);
// The values of a matrix.
wide *values_of(matrix m);

// Row counts and widths that leave every kind of remainder after whole vectors.
typedef struct {
  size_t rows, columns;
} shape;
enum { SHAPES = 12 };
extern const shape shapes[SHAPES];

// The activations in the reference.
enum { ACTIVATIONS = UNROLL_SOFTPLUS + 1 };
extern const char *const activation_names[ACTIVATIONS];
wide activation_value(unroll_activation kind, wide a, wide x);
wide activation_slope(unroll_activation kind, wide a, wide x);
// How large the terms are that the slope is the difference of.
wide activation_slope_terms(unroll_activation kind, wide x);
// The factor by which rounding inside an exponent enlarges the error.
wide activation_allowance(unroll_activation kind, wide x);
wide logistic(wide x);

// One file each.
void test_elementary(void);
void test_activations(void);
void test_cells(void);
void test_steps(void);
void test_products(void);
void test_rows(void);
void test_losses(void);
void test_optimizers(void);
void test_machine(void);

#endif
