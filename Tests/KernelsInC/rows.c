// Filling, summing, gathering, scattering, transposing and measuring rows.

#include <math.h>

#include "check.h"

// One operation on two numbers of the element type rounds once, as the CPU's own.
static void element_by_element(shape s) {
  begin("arithmetic, %zu × %zu", s.rows, s.columns);
  const size_t rows = s.rows, columns = s.columns, n = rows * columns;
  matrix x = input(rows, columns, 0.5L, 2), y = random_output(rows, columns, -2, 2);
  matrix sum = as_output(y), product = as_output(y), quotient = as_output(y), root = output(rows, columns);
  kernels->add(rows, columns, x.data, x.stride, sum.data, sum.stride);
  kernels->multiply(rows, columns, x.data, x.stride, product.data, product.stride);
  kernels->divide(rows, columns, x.data, x.stride, quotient.data, quotient.stride);
  kernels->square_root(rows, columns, x.data, x.stride, root.data, root.stride);
  wide *a = values_of(x), *b = values_of(y);
  wide *sums = wides(n), *products = wides(n), *quotients = wides(n), *roots = wides(n);
  for (size_t i = 0; i < n; ++i) {
    sums[i] = b[i] + a[i];
    products[i] = b[i] * a[i];
    quotients[i] = b[i] / a[i];
    roots[i] = sqrtl(a[i]);
  }
  // A rounding is half a unit of a number up to 4, which is 2 units of 1.
  expect_close(sum, sums, 1, "y + x");
  expect_close(product, products, 1, "y x");
  expect_close(quotient, quotients, 1, "y / x");
  expect_close(root, roots, 1, "root");
  matrix in_place = as_output(x);
  kernels->square_root(rows, columns, in_place.data, in_place.stride, in_place.data, in_place.stride);
  expect_same(in_place, root, "root in place");
}

static void filling(shape s) {
  begin("filled rows, %zu × %zu", s.rows, s.columns);
  matrix a = input(1, s.columns, -2, 2), b = input(1, s.columns, -2, 2), y = output(s.rows, s.columns);
  wide *one = wides(s.rows * s.columns), *both = wides(s.rows * s.columns);
  for (size_t i = 0; i < s.rows * s.columns; ++i) {
    one[i] = at(a, 0, i % s.columns);
    both[i] = one[i] + at(b, 0, i % s.columns);
  }
  kernels->fill_rows(s.rows, s.columns, a.data, b.data, y.data, y.stride);
  expect_close(y, both, 1, "a + b");
  kernels->fill_rows(s.rows, s.columns, a.data, NULL, y.data, y.stride);
  expect_close(y, one, 0, "a");
}

static void column_sums(shape s) {
  begin("column sums, %zu × %zu", s.rows, s.columns);
  matrix x = input(s.rows, s.columns, -2, 2), sums = random_output(1, s.columns, -2, 2);
  wide *exact = values_of(sums);
  for (size_t r = 0; r < s.rows; ++r)
    for (size_t j = 0; j < s.columns; ++j) exact[j] += at(x, r, j);
  kernels->add_column_sums(s.rows, s.columns, x.data, x.stride, sums.data);
  // As many roundings of sums of up to 2 (rows + 1).
  expect_close(sums, exact, (wide)(s.rows + 1) * (s.rows + 1), "sums");
}

// Fewer rows in the table than there are indices, so that some repeat.
static void gathering(shape s) {
  enum { ENTRIES = 5 };
  begin("gathered and scattered rows, %zu × %zu", s.rows, s.columns);
  int32_t *index = memory(s.rows * sizeof *index);
  for (size_t r = 0; r < s.rows; ++r) index[r] = (int32_t)(random_bits() % ENTRIES);
  matrix table = random_output(ENTRIES, s.columns, -2, 2), y = random_output(s.rows, s.columns, -2, 2);
  matrix x = input(s.rows, s.columns, -2, 2);
  wide *gathered = values_of(y), *scattered = values_of(table);
  for (size_t r = 0; r < s.rows; ++r)
    for (size_t j = 0; j < s.columns; ++j) {
      gathered[r * s.columns + j] += at(table, (size_t)index[r], j);
      // Rounded each time, in the order of the rows: the same bits.
      wide *sum = scattered + (size_t)index[r] * s.columns + j;
      *sum = rounded(*sum + at(x, r, j));
    }
  kernels->gather_add_rows(s.rows, s.columns, index, table.data, table.stride, y.data, y.stride);
  expect_close(y, gathered, 1, "gathered");
  kernels->scatter_add_rows(s.rows, s.columns, index, x.data, x.stride, table.data, table.stride);
  expect_close(table, scattered, 0, "scattered");
}

static void transposing(shape s) {
  begin("transpose, %zu × %zu", s.rows, s.columns);
  matrix x = input(s.rows, s.columns, -2, 2), y = output(s.columns, s.rows);
  kernels->transpose(s.rows, s.columns, x.data, x.stride, y.data, y.stride);
  wide *exact = wides(s.rows * s.columns);
  for (size_t i = 0; i < s.rows * s.columns; ++i) exact[i] = at(x, i % s.rows, i / s.rows);
  expect_close(y, exact, 0, "transposed");
}

// Rows scaled by powers of two to both ends of the range have norms scaled as exactly.
static void norms(shape s) {
  const int least = is_double ? -1074 : -149, greatest = is_double ? 1023 : 127;
  const int exponents[] = {least + 20, least / 2, 0, greatest / 2, greatest - 8};
  for (size_t e = 0; e < sizeof exponents / sizeof *exponents; ++e) {
    begin("row norms, %zu × %zu times 2^%d", s.rows, s.columns, exponents[e]);
    matrix x = input(s.rows, s.columns, -2, 2);
    for (size_t r = 0; r < s.rows; ++r)
      for (size_t j = 0; j < s.columns; ++j) set(x, r, j, ldexpl(at(x, r, j), exponents[e]));
    double *result = memory(s.rows * sizeof *result);
    kernels->row_norms(s.rows, s.columns, x.data, x.stride, result);
    for (size_t r = 0; r < s.rows; ++r) {
      wide sum = 0;
      for (size_t j = 0; j < s.columns; ++j) {
        wide value = ldexpl(at(x, r, j), -exponents[e]);
        sum += value * value;
      }
      wide exact = ldexpl(sqrtl(sum), exponents[e]);
      // Relative rounding of sums in double; absolute where the norm is subnormal.
      expect_near(result[r], exact, 1e-14L * exact + 0x1p-1074L, "norm", r);
    }
  }
}

static void special_norms(void) {
  const size_t counts[] = {1, 5, 16, 33};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i)
    for (size_t place = 0; place < counts[i]; ++place) {
      begin("norms of special rows of %zu, at %zu", counts[i], place);
      void *row = elements(counts[i]);
      const wide special[] = {0, least_number(), -largest_number(), -INFINITY, NAN};
      for (int number = 0; number < 5; ++number) {
        for (size_t j = 0; j < counts[i]; ++j) set_element(row, j, number < 3 ? 0 : 1);
        set_element(row, place, special[number]);
        double norm = -99;
        kernels->row_norms(1, counts[i], row, counts[i], &norm);
        if (number == 4)
          expect(isnan(norm), "NaN");
        else
          expect(norm == (double)fabsl(special[number]), "the size of the number");
      }
    }
}

// In double, with as many roundings as terms.
static void dot_products(void) {
  const size_t counts[] = {0, 1, 7, 33, 1000};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
    begin("dot product of %zu", counts[i]);
    matrix x = input(1, counts[i], -2, 2), y = input(1, counts[i], -2, 2);
    wide sum = 0, size = 0;
    for (size_t j = 0; j < counts[i]; ++j) {
      sum += at(x, 0, j) * at(y, 0, j);
      size += fabsl(at(x, 0, j) * at(y, 0, j));
    }
    expect_near(kernels->dot(counts[i], x.data, y.data), sum, counts[i] * 0x1p-53L * size, "sum", 0);
  }
}

void test_rows(void) {
  for (int i = 0; i < SHAPES; ++i) {
    element_by_element(shapes[i]);
    filling(shapes[i]);
    column_sums(shapes[i]);
    gathering(shapes[i]);
    transposing(shapes[i]);
    norms(shapes[i]);
  }
  special_norms();
  dot_products();
}
