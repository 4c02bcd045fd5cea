// Every activation, forward and backward, and the slopes of the leaky ones.

#include <math.h>

#include "check.h"

// A power of two, so that multiplying by it does not round.
static const double A = 0.5;

// exp is within 3 ulps, and each operation after it adds about half a unit; a slope has more of them.
static const wide VALUE_ULPS = 5, SLOPE_ULPS = 8;
// The same times dh, which rounds again, in units of 1.
static const wide GRADIENT_ULPS = 10;

// |value - exact| in units of the exact value, or of `terms` where those are larger.
static void expect_within(wide value, wide exact, wide terms, wide ulps, const char *what, size_t place) {
  wide bound = ulps * unit_of(fmaxl(fabsl(exact), terms));
  if (isinf(rounded(exact)) || isinf(value))
    expect(value == rounded(exact), what);
  else
    expect_near(value, exact, bound, what, place);
}

// Both signs of every fourth exponent at least, and more of those where the functions bend.
static void accuracy(unroll_activation kind) {
  begin("%s over all exponents", activation_names[kind]);
  const int least = is_double ? -1022 : -126, greatest = is_double ? 1023 : 127;
  enum { COUNT = 48 };
  void *x = elements(COUNT), *h = elements(COUNT), *dh = elements(COUNT), *slope = elements(COUNT);
  for (size_t i = 0; i < COUNT; ++i) set_element(dh, i, 1);
  for (int exponent = least; exponent <= greatest;) {
    bool bends = exponent >= -8 && exponent <= 8;
    const size_t count = bends ? COUNT : 6;
    for (size_t i = 0; i < count; ++i) {
      wide magnitude = ldexpl(1 + random_between(0, 0x1.fffffep-1L), exponent);
      set_element(x, i, i % 2 ? -magnitude : magnitude);
    }
    kernels->activation_forward(kind, A, 1, count, x, count, h, count);
    kernels->activation_backward(kind, A, 1, count, x, count, h, count, dh, count, slope, count);
    for (size_t i = 0; i < count; ++i) {
      wide number = element(x, i), allowance = activation_allowance(kind, number);
      expect_within(
          element(h, i), activation_value(kind, A, number), 0, VALUE_ULPS * allowance, "value", i);
      expect_within(
          element(slope, i), activation_slope(kind, A, number), activation_slope_terms(kind, number),
          SLOPE_ULPS * allowance, "slope", i);
    }
    exponent += bends ? 1 : 4;
  }
}

static void matrices(unroll_activation kind, shape s) {
  begin("%s, %zu × %zu", activation_names[kind], s.rows, s.columns);
  const size_t rows = s.rows, columns = s.columns;
  matrix pre = input(rows, columns, -4, 4), dh = input(rows, columns, -2, 2);
  matrix h = output(rows, columns), dpre = output(rows, columns);
  kernels->activation_forward(kind, A, rows, columns, pre.data, pre.stride, h.data, h.stride);
  kernels->activation_backward(
      kind, A, rows, columns, pre.data, pre.stride, h.data, h.stride, dh.data, dh.stride, dpre.data,
      dpre.stride);
  wide *value = values_of(pre), *gradient = values_of(dh);
  for (size_t i = 0; i < rows * columns; ++i) {
    gradient[i] *= activation_slope(kind, A, value[i]);
    value[i] = activation_value(kind, A, value[i]);
  }
  expect_close(h, value, VALUE_ULPS, "h");
  expect_close(dpre, gradient, GRADIENT_ULPS, "gradient");

  matrix over_dh = as_output(dh), over_pre = as_output(pre);
  kernels->activation_backward(
      kind, A, rows, columns, pre.data, pre.stride, h.data, h.stride, over_dh.data, over_dh.stride,
      over_dh.data, over_dh.stride);
  expect_same(over_dh, dpre, "gradient in dh's place");
  kernels->activation_backward(
      kind, A, rows, columns, over_pre.data, over_pre.stride, h.data, h.stride, dh.data, dh.stride,
      over_pre.data, over_pre.stride);
  expect_same(over_pre, dpre, "gradient in pre's place");
}

static void nan_stays(unroll_activation kind) {
  enum { COUNT = 37 };
  begin("%s of NaN", activation_names[kind]);
  void *x = elements(COUNT), *h = elements(COUNT);
  for (size_t i = 0; i < COUNT; ++i) set_element(h, i, 0);
  kernels->activation_forward(kind, A, 1, COUNT, x, COUNT, h, COUNT);
  for (size_t i = 0; i < COUNT; ++i) expect(isnan(element(h, i)), "NaN");
}

// Each slope from its number of U[0, 1), and again from the outputs.
static void drawn_slopes(shape s) {
  begin("drawn slopes, %zu × %zu", s.rows, s.columns);
  const size_t rows = s.rows, columns = s.columns;
  const wide lower = 0.125L, upper = 1 / (wide)3;
  matrix pre = input(rows, columns, -4, 4), h = random_output(rows, columns, 0, 1);
  wide *x = values_of(pre), *slope = values_of(h), *value = wides(rows * columns);
  for (size_t i = 0; i < rows * columns; ++i) {
    slope[i] = x[i] > 0 ? 1 : lower + (upper - lower) * slope[i];
    value[i] = slope[i] * x[i];
  }
  kernels->random_leaky_forward(
      (double)lower, (double)upper, rows, columns, pre.data, pre.stride, h.data, h.stride);
  expect_close(h, value, 4, "h");
  matrix ones = input(rows, columns, 1, 1), dpre = output(rows, columns);
  kernels->activation_backward(
      UNROLL_RRELU, (double)(lower + upper) / 2, rows, columns, pre.data, pre.stride, h.data, h.stride,
      ones.data, ones.stride, dpre.data, dpre.stride);
  expect_close(dpre, slope, 4, "gradient");
}

static void slope_gradient(shape s) {
  begin("slope gradient, %zu × %zu", s.rows, s.columns);
  matrix pre = input(s.rows, s.columns, -2, 2), dh = input(s.rows, s.columns, -2, 2);
  wide *x = values_of(pre), *dy = values_of(dh), sum = 0, size = 1;
  for (size_t i = 0; i < s.rows * s.columns; ++i) {
    wide term = dy[i] * fminl(x[i], 0);
    sum += term;
    size += fabsl(term);
  }
  double gradient =
      kernels->slope_gradient(s.rows, s.columns, pre.data, pre.stride, dh.data, dh.stride);
  // The kernel's sum is in double.
  expect_near(gradient, sum, 1e-15L * size * (s.rows * s.columns), "sum", 0);
}

void test_activations(void) {
  for (int kind = 0; kind < ACTIVATIONS; ++kind) {
    accuracy((unroll_activation)kind);
    nan_stays((unroll_activation)kind);
    for (int i = 0; i < SHAPES; ++i) matrices((unroll_activation)kind, shapes[i]);
  }
  for (int i = 0; i < SHAPES; ++i) {
    drawn_slopes(shapes[i]);
    slope_gradient(shapes[i]);
  }
}
