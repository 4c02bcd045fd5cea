// Panels, products with a right factor in panels, and the multiply-add peak.

#include <math.h>

#include "check.h"

typedef struct {
  size_t rows, columns, inner;
} product_shape;

// Around the blocks of 6 rows, the panels of 4 to 64 columns and the runs of 512 sums; the last has several
// strips of rows.
static const product_shape product_shapes[] = {
    {1, 1, 1},    {1, 5, 33},   {3, 16, 250}, {3, 33, 5},  {6, 64, 600}, {6, 65, 33},
    {7, 1, 600},  {7, 250, 5},  {17, 5, 1},   {17, 33, 600}, {17, 65, 250}, {110, 9, 600}};

static matrix whole_numbers(size_t rows, size_t columns) {
  matrix m = input(rows, columns, 0, 0);
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) set(m, r, j, (wide)(random_bits() % 17) - 8);
  return m;
}

static matrix transposed(matrix m) {
  matrix t = input(m.columns, m.rows, 0, 0);
  for (size_t r = 0; r < m.rows; ++r)
    for (size_t j = 0; j < m.columns; ++j) set(t, j, r, at(m, r, j));
  return t;
}

static size_t panel_count(size_t columns) {
  return (columns + kernels->panel_width - 1) / kernels->panel_width;
}

static void *panels_of(matrix b) {
  void *panels = elements(panel_count(b.columns) * kernels->panel_width * b.rows);
  kernels->lay_out_panels(b.rows, b.columns, b.data, b.stride, 1, panels);
  return panels;
}

// Panel p holds the columns from p · width, row by row, and zeros behind the last.
static void panels(product_shape s) {
  begin("panels, %zu × %zu", s.inner, s.columns);
  matrix b = whole_numbers(s.inner, s.columns), t = transposed(b);
  const size_t width = kernels->panel_width;
  void *laid_out = panels_of(b), *again = elements(panel_count(s.columns) * width * s.inner);
  kernels->lay_out_panels(s.inner, s.columns, t.data, 1, t.stride, again);
  for (size_t p = 0, place = 0; p < panel_count(s.columns); ++p)
    for (size_t i = 0; i < s.inner; ++i)
      for (size_t j = p * width; j < (p + 1) * width; ++j, ++place) {
        wide exact = j < s.columns ? at(b, i, j) : 0;
        expect_near(element(laid_out, place), exact, 0, "of the matrix", place);
        expect_near(element(again, place), exact, 0, "of its transpose", place);
      }
}

// Of whole numbers up to 8 every sum of up to 600 products is exact, in any order, also in double.
static void products(product_shape s) {
  begin("product, %zu × %zu × %zu", s.rows, s.columns, s.inner);
  matrix a = whole_numbers(s.rows, s.inner), b = whole_numbers(s.inner, s.columns);
  matrix a_transposed = transposed(a), addend = whole_numbers(s.rows, s.columns);
  double *sums = memory(s.rows * s.columns * sizeof(double));
  for (size_t r = 0; r < s.rows; ++r)
    for (size_t i = 0; i < s.inner; ++i) {
      const double left = (double)at(a, r, i);
      for (size_t j = 0; j < s.columns; ++j) sums[r * s.columns + j] += left * (double)at(b, i, j);
    }

  // Rows with room for whole vectors, NaN in it.
  const size_t lanes = kernels->vector_width;
  const size_t row = (s.columns + lanes - 1) / lanes * lanes + 3;
  void *strided = elements(s.inner * row);
  for (size_t i = 0; i < s.inner; ++i)
    for (size_t j = 0; j < s.columns; ++j) set_element(strided, i * row + j, at(b, i, j));

  enum { NONE, MATRIX, ROW, IN_PLACE, ADDENDS };
  wide *exact = wides(s.rows * s.columns);
  for (int form = 0; form < 2; ++form) {
    const void *right = form == 0 ? panels_of(b) : strided;
    const size_t width = kernels->panel_width;
    const size_t b_panel = form == 0 ? s.inner * width : width, b_row = form == 0 ? width : row;
    for (int added = 0; added < ADDENDS; ++added)
      for (int is_transposed = 0; is_transposed < 2; ++is_transposed) {
        for (size_t i = 0; i < s.rows * s.columns; ++i)
          exact[i] = (wide)sums[i]
              + (added == NONE       ? 0
                     : added == ROW ? at(addend, 0, i % s.columns)
                                    : at(addend, i / s.columns, i % s.columns));
        matrix c = added == IN_PLACE ? as_output(addend) : output(s.rows, s.columns);
        matrix left = is_transposed ? a_transposed : a;
        kernels->product(
            s.rows, s.columns, s.inner, left.data, is_transposed ? 1 : left.stride,
            is_transposed ? left.stride : 1, right, b_panel, b_row,
            added == NONE ? NULL : added == IN_PLACE ? c.data : addend.data,
            added == ROW ? 0 : c.stride, c.data, c.stride);
        expect_close(c, exact, 0, form == 0 ? "of panels" : "of rows");
      }
  }
}

// Partial sums of k = 600 products of numbers in ±1 are of the order of √k/3; their roundings add up like a
// random walk, to about k/8 units of 1. Eight times that. A row has the same bits alone.
static void order_of_sums(void) {
  enum { ROWS = 17, COLUMNS = 65, INNER = 600 };
  begin("order of sums");
  matrix a = input(ROWS, INNER, -1, 1), b = input(INNER, COLUMNS, -1, 1), c = output(ROWS, COLUMNS);
  const size_t width = kernels->panel_width;
  void *right = panels_of(b);
  kernels->product(
      ROWS, COLUMNS, INNER, a.data, a.stride, 1, right, INNER * width, width, NULL, 0, c.data, c.stride);
  wide *exact = wides(ROWS * COLUMNS);
  for (size_t r = 0; r < ROWS; ++r)
    for (size_t j = 0; j < COLUMNS; ++j)
      for (size_t i = 0; i < INNER; ++i) exact[r * COLUMNS + j] += at(a, r, i) * at(b, i, j);
  expect_close(c, exact, INNER, "product");
  for (size_t r = 0; r < ROWS; ++r) {
    matrix alone = output(1, COLUMNS), left = input(1, INNER, 0, 0);
    for (size_t i = 0; i < INNER; ++i) set(left, 0, i, at(a, r, i));
    kernels->product(
        1, COLUMNS, INNER, left.data, left.stride, 1, right, INNER * width, width, NULL, 0, alone.data,
        alone.stride);
    for (size_t j = 0; j < COLUMNS; ++j)
      expect_near(at(alone, 0, j), at(c, r, j), 0, "a row alone", j);
  }
}

// x ← x/2 + 1 goes to 2 exactly, so the total is twice the number of sums, and each of them takes two
// operations an iteration.
static void peak(void) {
  begin("multiply-add peak");
  void *total = elements(1);
  double operations = kernels->multiply_add_peak(100, total);
  expect(operations == 100 * (double)element(total, 0), "all sums in the total");
  // At least 12 vectors of at least 16 bytes.
  expect(element(total, 0) >= 2 * 12 * kernels->vector_width, "enough sums");
}

void test_products(void) {
  for (size_t i = 0; i < sizeof product_shapes / sizeof *product_shapes; ++i) {
    panels(product_shapes[i]);
    products(product_shapes[i]);
  }
  order_of_sums();
  peak();
}
