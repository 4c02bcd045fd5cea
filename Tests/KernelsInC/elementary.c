// exp, tanh and the sigmoid over the whole range.

#include <math.h>

#include "check.h"

typedef struct {
  const char *name;
  wide (*exact)(wide x);
  // Of NaN, infinity, -infinity, 0, -0, and the least positive and negative numbers; where it is 0, `tiny` is
  // the number itself.
  double special[7];
} function;

static void apply(int number, size_t n, const void *x, void *y) {
  if (number == 0) kernels->exp(n, x, y);
  if (number == 1) kernels->tanh(n, x, y);
  if (number == 2) kernels->sigmoid(n, x, y);
}

static const double TINY = 1e-300;
static const function functions[] = {
    {"exp", expl, {NAN, INFINITY, 0, 1, 1, 1, 1}},
    {"tanh", tanhl, {NAN, 1, -1, 0, -0.0, TINY, -TINY}},
    {"sigmoid", logistic, {NAN, 1, 0, 0.5, 0.5, 0.5, 0.5}},
};

// The polynomial, the reduction, the sum and the quotient each add at most about half a unit.
static const wide ULPS = 3;

// Both signs of every exponent, subnormal numbers included; more where the functions bend.
static void accuracy(int number) {
  begin("%s over all exponents", functions[number].name);
  const int least = is_double ? -1022 : -126, greatest = is_double ? 1023 : 127;
  enum { COUNT = 128 };
  void *x = elements(COUNT), *y = elements(COUNT);
  for (int exponent = least - 1; exponent <= greatest; ++exponent) {
    const size_t count = exponent >= -12 && exponent <= 10 ? COUNT : 6;
    for (size_t i = 0; i < count; ++i) {
      wide fraction = random_between(0, 0x1.fffffep-1L);
      wide magnitude = exponent < least ? ldexpl(fraction, least) : ldexpl(1 + fraction, exponent);
      set_element(x, i, i % 2 ? -magnitude : magnitude);
    }
    apply(number, count, x, y);
    for (size_t i = 0; i < count; ++i) {
      wide exact = functions[number].exact(element(x, i));
      if (isinf(rounded(exact)) || isinf(element(y, i)))
        expect(element(y, i) == rounded(exact), "infinity where the exact value is beyond all numbers");
      else
        expect_near(element(y, i), exact, ULPS * unit_of(exact), "value", i);
    }
  }
}

// In a whole vector of repeats, and in what is left after vectors.
static void special_values(int number) {
  begin("%s of special values", functions[number].name);
  const wide tiny = least_number();
  const wide special[7] = {NAN, INFINITY, -INFINITY, 0, -0.0L, tiny, -tiny};
  enum { REPEATS = 16, COUNT = 7 * REPEATS + 7 };
  void *x = elements(COUNT), *y = elements(COUNT);
  for (int i = 0; i < COUNT; ++i)
    set_element(x, i, special[i < 7 * REPEATS ? i / REPEATS : i - 7 * REPEATS]);
  apply(number, COUNT, x, y);
  for (int i = 0; i < COUNT; ++i) {
    double given = functions[number].special[i < 7 * REPEATS ? i / REPEATS : i - 7 * REPEATS];
    wide wanted = given == TINY ? tiny : given == -TINY ? -tiny : (wide)given, value = element(y, i);
    expect(
        isnan(wanted) ? isnan(value) : value == wanted && signbit(value) == signbit(wanted),
        "its value and sign");
  }
}

// Of any length, in place too, and whatever lies behind the end.
static void lengths(int number) {
  const size_t counts[] = {0, 1, 5, 33, 67, 250};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
    begin("%s of %zu numbers", functions[number].name, counts[i]);
    matrix x = input(1, counts[i], -4, 4), y = output(1, counts[i]), in_place = as_output(x);
    apply(number, counts[i], x.data, y.data);
    apply(number, counts[i], in_place.data, in_place.data);
    wide *exact = values_of(x);
    for (size_t j = 0; j < counts[i]; ++j) exact[j] = functions[number].exact(exact[j]);
    expect_close(y, exact, ULPS, "values");
    expect_same(in_place, y, "in place");
  }
}

void test_elementary(void) {
  for (int number = 0; number < 3; ++number) {
    accuracy(number);
    special_values(number);
    lengths(number);
  }
}
