// Softmax cross-entropy and squared error, their gradients and their masks.

#include <math.h>
#include <string.h>

#include "check.h"

// Weights that hold a masked row wherever there is more than one.
static void *weights_of(size_t rows) {
  const wide weights[] = {0.5L, 0, 1};
  void *array = elements(rows);
  for (size_t r = 0; r < rows; ++r) set_element(array, r, weights[r % 3]);
  return array;
}

static void cross_entropy(shape s) {
  begin("softmax cross-entropy, %zu × %zu", s.rows, s.columns);
  const size_t rows = s.rows, columns = s.columns;
  matrix logits = input(rows, columns, -6, 6), gradient = output(rows, columns);
  void *weights = weights_of(rows);
  int32_t *target = memory(rows * sizeof *target);
  // A masked row's target may be anything.
  for (size_t r = 0; r < rows; ++r)
    target[r] = element(weights, r) == 0 ? -1 : (int32_t)(random_bits() % columns);
  double *losses = memory(rows * sizeof *losses), *again = memory(rows * sizeof *again);
  uint8_t *hits = memory(rows), *hits_again = memory(rows);
  memset(hits, 99, rows);
  kernels->softmax_cross_entropy(
      rows, columns, logits.data, logits.stride, target, weights, gradient.data, gradient.stride, losses,
      hits);

  wide *exact = wides(rows * columns);
  for (size_t r = 0; r < rows; ++r) {
    const wide weight = element(weights, r);
    wide sum = 0, largest = -INFINITY;
    for (size_t j = 0; j < columns; ++j) {
      sum += expl(at(logits, r, j));
      largest = fmaxl(largest, at(logits, r, j));
    }
    for (size_t j = 0; j < columns; ++j)
      exact[r * columns + j] =
          weight * (expl(at(logits, r, j)) / sum - ((int32_t)j == target[r] ? 1 : 0));
    // The exponentials are of the element type, each a few units off, 12 by the shift.
    wide loss = weight == 0 ? 0 : logl(sum) - at(logits, r, (size_t)target[r]);
    expect_near(losses[r], loss, 16 * unit, "loss", r);
    expect(hits[r] == (weight != 0 && at(logits, r, (size_t)target[r]) == largest), "hit");
  }
  expect_close(gradient, exact, 16, "gradient");

  kernels->softmax_cross_entropy(
      rows, columns, logits.data, logits.stride, target, weights, NULL, 0, again, hits_again);
  expect(memcmp(again, losses, rows * sizeof *again) == 0, "the same losses without a gradient");
  expect(memcmp(hits_again, hits, rows) == 0, "the same hits without a gradient");
  matrix in_place = as_output(logits);
  kernels->softmax_cross_entropy(
      rows, columns, in_place.data, in_place.stride, target, weights, in_place.data, in_place.stride, again,
      hits_again);
  expect_same(in_place, gradient, "gradient in place");
}

static void far_apart(void) {
  begin("softmax of logits far apart");
  const wide rows[4][3] = {{10000, -10000, 0}, {-INFINITY, 2, 2}, {NAN, 0, 0}, {-20000, -20000, -20000}};
  const int32_t target[] = {1, 2, 1, 0};
  matrix logits = input(4, 3, 0, 0), gradient = output(4, 3);
  void *weights = elements(4);
  for (size_t r = 0; r < 4; ++r) {
    set_element(weights, r, 1);
    for (size_t j = 0; j < 3; ++j) set(logits, r, j, rows[r][j]);
  }
  double losses[4];
  uint8_t hits[4];
  kernels->softmax_cross_entropy(
      4, 3, logits.data, logits.stride, target, weights, gradient.data, gradient.stride, losses, hits);
  expect(losses[0] == 20000 && hits[0] == 0, "a loss of 20,000");
  expect(at(gradient, 0, 0) == 1 && at(gradient, 0, 1) == -1 && at(gradient, 0, 2) == 0, "its gradient");
  expect_near(losses[1], logl(2), 1e-15L, "loss of two equal logits", 1);
  expect(hits[1] == 0, "the first of equal logits wins");
  expect(isnan(losses[2]) && isnan(at(gradient, 2, 0)), "NaN");
  expect_near(losses[3], logl(3), 1e-15L, "loss of three equal logits", 3);
  expect(hits[3] == 1, "a hit");
}

static void squared_error(shape s) {
  begin("squared error, %zu × %zu", s.rows, s.columns);
  const size_t rows = s.rows, columns = s.columns;
  void *weights = weights_of(rows);
  matrix y = input(rows, columns, -2, 2), target = input(rows, columns, -2, 2);
  matrix gradient = output(rows, columns);
  double *losses = memory(rows * sizeof *losses), *again = memory(rows * sizeof *again);
  wide *exact = wides(rows * columns);
  // A masked row may hold anything.
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns && element(weights, r) == 0; ++j) set(y, r, j, NAN);
  kernels->squared_error(
      rows, columns, y.data, y.stride, target.data, target.stride, weights, gradient.data, gradient.stride,
      losses);
  for (size_t r = 0; r < rows; ++r) {
    const wide weight = element(weights, r);
    wide sum = 0;
    for (size_t j = 0; j < columns && weight != 0; ++j) {
      wide error = at(y, r, j) - at(target, r, j);
      sum += error * error;
      exact[r * columns + j] = weight * 2 * error / columns;
    }
    // The sum is in double.
    expect_near(losses[r], sum / columns, 1e-14L * sum / columns, "loss", r);
  }
  expect_close(gradient, exact, 4, "gradient");
  kernels->squared_error(
      rows, columns, y.data, y.stride, target.data, target.stride, weights, NULL, 0, again);
  expect(memcmp(again, losses, rows * sizeof *again) == 0, "the same losses without a gradient");
  matrix in_place = as_output(y);
  kernels->squared_error(
      rows, columns, in_place.data, in_place.stride, target.data, target.stride, weights, in_place.data,
      in_place.stride, again);
  expect_same(in_place, gradient, "gradient in place");
}

void test_losses(void) {
  for (int i = 0; i < SHAPES; ++i) {
    cross_entropy(shapes[i]);
    squared_error(shapes[i]);
  }
  // Longer than the block that holds exponentials without a gradient.
  cross_entropy((shape){3, 600});
  cross_entropy((shape){3, 5003});
  far_apart();
}
