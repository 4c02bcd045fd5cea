// The optimizers by PyTorch's formulas, step by step, and what else is done to flat buffers.

#include <math.h>

#include "check.h"

enum { COUNTS = 4 };
static const size_t counts[COUNTS] = {1, 5, 33, 250};

typedef enum { SGD, MOMENTUM, RMSPROP, ADAM, ADAMW, SLOW_ADAM, RULES } rule;
static const char *const rule_names[RULES] = {"sgd",  "momentum", "rmsprop",
                                              "adam", "adamw",    "adam with a slow average"};
// Epsilon is so large that its place in the formula matters.
static const double RATE = 0.1, DECAY = 0.05, EPSILON = 0.03;
// In float 1 - 0.99999 alone would be off by 1e-3.
static double beta2_of(rule rule) { return rule == SLOW_ADAM ? 0.99999 : 0.9; }

static void step(rule rule, int number, wide g, wide *w, wide *m, wide *v) {
  wide d = g + DECAY * (rule == ADAMW ? 0 : *w);
  if (rule == SGD) {
    *w -= RATE * d;
  } else if (rule == MOMENTUM) {
    *v = 0.9 * *v + d;
    *w -= RATE * *v;
  } else if (rule == RMSPROP) {
    *v = 0.9 * *v + (1 - 0.9) * d * d;
    *w -= RATE * d / (sqrtl(*v) + EPSILON);
  } else {
    const wide beta1 = 0.8, beta2 = beta2_of(rule);
    if (rule == ADAMW) *w *= 1 - (wide)RATE * DECAY;
    *m = beta1 * *m + (1 - beta1) * d;
    *v = beta2 * *v + (1 - beta2) * d * d;
    // In double, as the kernels prepare their scalars: 1 - beta^step takes the powers' rounding with it.
    wide correction1 = 1 - pow(0.8, number), correction2 = 1 - pow(beta2_of(rule), number);
    *w -= RATE / correction1 * *m / (sqrtl(*v) / sqrtl(correction2) + EPSILON);
  }
}

static void call(rule rule, int number, matrix g, matrix w, matrix m, matrix v) {
  const size_t n = g.columns;
  if (rule == SGD)
    kernels->sgd(n, RATE, DECAY, g.data, w.data);
  else if (rule == MOMENTUM)
    kernels->momentum(n, RATE, DECAY, 0.9, g.data, w.data, v.data);
  else if (rule == RMSPROP)
    kernels->rmsprop(n, RATE, DECAY, 0.9, EPSILON, g.data, w.data, v.data);
  else
    kernels->adam(
        n, RATE, DECAY, rule == ADAMW, 0.8, beta2_of(rule), EPSILON, (uint64_t)number, g.data, w.data,
        m.data, v.data);
}

// A rounding or two for each of about five operations in each of three steps.
static void three_steps(rule rule, size_t n) {
  begin("%s, %zu", rule_names[rule], n);
  matrix w = random_output(1, n, -1, 1), m = random_output(1, n, 0, 0), v = random_output(1, n, 0, 0);
  wide *weight = values_of(w), *first = values_of(m), *second = values_of(v);
  for (int number = 1; number <= 3; ++number) {
    matrix g = input(1, n, -1, 1);
    call(rule, number, g, w, m, v);
    for (size_t j = 0; j < n; ++j) step(rule, number, at(g, 0, j), weight + j, first + j, second + j);
  }
  expect_close(w, weight, 32, "w");
  expect_close(m, first, 32, "m");
  expect_close(v, second, 32, "v");
}

static void corrections_fade(void) {
  begin("adam after 2^40 steps");
  matrix g = input(1, 1, 0.5L, 0.5L), w = random_output(1, 1, 1, 1), m = random_output(1, 1, 0.5L, 0.5L);
  matrix v = random_output(1, 1, 4, 4);
  kernels->adam(1, 0.5, 0, false, 0.5, 0.25, 0, (uint64_t)1 << 40, g.data, w.data, m.data, v.data);
  const wide weight = 1 - 0.25L / sqrtl(1.1875L), first = 0.5L, second = 1.1875L;
  expect_close(w, &weight, 2, "w");
  expect_close(m, &first, 0, "m");
  expect_close(v, &second, 0, "v");
}

static void clamp(size_t n) {
  const wide above = 2 * (1 + unit);
  const wide values[] = {2, -2, above, -above, -INFINITY, NAN};
  const bool changes[] = {false, false, true, true, true, false};
  for (size_t place = 0; place < n; ++place)
    for (int i = 0; i < 6; ++i) {
      begin("clamp, %zu of %zu", place, n);
      matrix x = random_output(1, n, 0.5L, 0.5L);
      set(x, 0, place, values[i]);
      expect(kernels->clamp(n, 2, x.data) == changes[i], "whether one changed");
      wide value = at(x, 0, place);
      expect(isnan(values[i]) ? isnan(value) : value == (values[i] < 0 ? -2 : 2), "value");
      wide *exact = values_of(x);
      for (size_t j = 0; j < n; ++j)
        if (j != place) exact[j] = 0.5L;
      if (isnan(values[i])) set(x, 0, place, exact[place] = 0);
      expect_close(x, exact, 0, "the others");
    }
}

static void add_sign(size_t n) {
  begin("add_sign, %zu", n);
  const wide values[] = {3, -0.25L, 0, -0.0L, least_number(), -INFINITY}, signs[] = {1, -1, 0, 0, 1, -1};
  matrix x = input(1, n, 0, 0), g = output(1, n);
  wide *exact = wides(n);
  for (size_t j = 0; j < n; ++j) {
    set(x, 0, j, values[j % 6]);
    set(g, 0, j, j);
    exact[j] = j + 0.125L * signs[j % 6];
  }
  kernels->add_sign(n, 0.125, x.data, g.data);
  expect_close(g, exact, 0, "g");
}

// Of the largest exponent, all finite numbers lie below.
static void all_below(size_t n) {
  const unsigned top = is_double ? 1024 : 128, exponents[] = {0, 1, 30, 60, top};
  for (int e = 0; e < 5; ++e) {
    begin("all_below 2^%u, %zu", exponents[e], n);
    const wide power = ldexpl(1, (int)exponents[e]), limit = power * (1 - unit / 2);
    const wide below[] = {0, -0.0L, 0.5L, -limit, limit, least_number()};
    const wide beyond[] = {NAN, -NAN, INFINITY, -INFINITY, power, -power, largest_number()};
    void *x = elements(n + 1);
    for (size_t j = 0; j < n; ++j) set_element(x, j, below[j % 6]);
    expect(kernels->all_below(0, exponents[e], x), "nothing");
    expect(kernels->all_below(n, exponents[e], x), "those below, and NaN behind the end");
    for (size_t place = 0; place < n; ++place) {
      for (int i = 0; i < (exponents[e] < top ? 7 : 4); ++i) {
        set_element(x, place, beyond[i]);
        expect(!kernels->all_below(n, exponents[e], x), "one beyond");
      }
      set_element(x, place, below[place % 6]);
    }
  }
}

void test_optimizers(void) {
  for (int i = 0; i < COUNTS; ++i) {
    for (int number = 0; number < RULES; ++number) three_steps((rule)number, counts[i]);
    clamp(counts[i]);
    add_sign(counts[i]);
    all_below(counts[i]);
  }
  corrections_fade();
}
