// The pointwise parts of one step of the LSTM and the GRU, by their equations.

#include <math.h>

#include "check.h"

// Sigmoid and tanh are within 3 units; a state is a sum of two or three products more, a gradient a product
// of up to five factors.
static const wide STATE_ULPS = 4, GRADIENT_ULPS = 8;

static void lstm(shape s) {
  const size_t rows = s.rows, H = s.columns;
  begin("lstm, %zu × %zu", rows, H);
  matrix gates = random_output(rows, 4 * H, -2, 2), before = input(rows, H, -2, 2);
  matrix c = output(rows, H), h = output(rows, H);
  wide *pre = values_of(gates);
  kernels->lstm_forward(
      rows, H, gates.data, gates.stride, before.data, before.stride, c.data, c.stride, h.data, h.stride);
  wide *gate = wides(rows * 4 * H), *cell = wides(rows * H), *out = wides(rows * H);
  for (size_t r = 0; r < rows; ++r) {
    for (size_t j = 0; j < 4 * H; ++j)
      gate[r * 4 * H + j] = j / H == 2 ? tanhl(pre[r * 4 * H + j]) : logistic(pre[r * 4 * H + j]);
    for (size_t j = 0; j < H; ++j) {
      const wide *g = gate + r * 4 * H + j;
      cell[r * H + j] = g[H] * at(before, r, j) + g[0] * g[2 * H];
      out[r * H + j] = g[3 * H] * tanhl(cell[r * H + j]);
    }
  }
  expect_close(gates, gate, STATE_ULPS, "gates");
  // A unit of a gate counts twice where |c_prev| is 2.
  expect_close(c, cell, 2 * STATE_ULPS, "c");
  expect_close(h, out, 2 * STATE_ULPS, "h");

  // Backward from what the kernel saved, so that only its own error counts.
  matrix dh = input(rows, H, -2, 2), carry = input(rows, H, -2, 2);
  matrix total = output(rows, H), passed = output(rows, H), dgates = output(rows, 4 * H);
  wide *d_total = wides(rows * H), *d_passed = wides(rows * H), *d_gates = wides(rows * 4 * H);
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < H; ++j) {
      wide i = at(gates, r, j), f = at(gates, r, H + j), g = at(gates, r, 2 * H + j);
      wide o = at(gates, r, 3 * H + j), squashed = tanhl(at(c, r, j)), d = at(dh, r, j);
      wide dc = at(carry, r, j) + d * o * (1 - squashed * squashed);
      d_total[r * H + j] = dc;
      d_passed[r * H + j] = f * dc;
      d_gates[r * 4 * H + j] = dc * g * i * (1 - i);
      d_gates[r * 4 * H + H + j] = dc * at(before, r, j) * f * (1 - f);
      d_gates[r * 4 * H + 2 * H + j] = dc * i * (1 - g * g);
      d_gates[r * 4 * H + 3 * H + j] = d * squashed * o * (1 - o);
    }
  kernels->lstm_backward(
      rows, H, gates.data, gates.stride, before.data, before.stride, c.data, c.stride, dh.data, dh.stride,
      carry.data, carry.stride, total.data, total.stride, passed.data, passed.stride, dgates.data,
      dgates.stride);
  expect_close(total, d_total, GRADIENT_ULPS, "dc");
  expect_close(passed, d_passed, GRADIENT_ULPS, "dc_prev");
  expect_close(dgates, d_gates, GRADIENT_ULPS, "dgates");

  matrix gates_in_place = copy_of(gates), carry_in_place = as_output(carry);
  kernels->lstm_backward(
      rows, H, gates_in_place.data, gates.stride, before.data, before.stride, c.data, c.stride, dh.data,
      dh.stride, carry_in_place.data, carry.stride, total.data, total.stride, carry_in_place.data,
      carry.stride, gates_in_place.data, gates.stride);
  expect_same(carry_in_place, passed, "dc_prev in dc_carry's place");
  expect_same(gates_in_place, dgates, "dgates in gates' place");
}

static void gru(shape s) {
  const size_t rows = s.rows, H = s.columns;
  begin("gru, %zu × %zu", rows, H);
  matrix gates = random_output(rows, 4 * H, -2, 2), before = input(rows, H, -2, 2);
  matrix h = output(rows, H);
  wide *pre = values_of(gates);
  kernels->gru_forward(
      rows, H, gates.data, gates.stride, before.data, before.stride, h.data, h.stride);
  wide *gate = wides(rows * 4 * H), *out = wides(rows * H);
  for (size_t row = 0; row < rows; ++row)
    for (size_t j = 0; j < H; ++j) {
      const wide *x = pre + row * 4 * H + j;
      wide *g = gate + row * 4 * H + j;
      g[0] = logistic(x[0]);
      g[H] = logistic(x[H]);
      g[2 * H] = x[2 * H];
      g[3 * H] = tanhl(x[3 * H] + g[0] * x[2 * H]);
      out[row * H + j] = (1 - g[H]) * g[3 * H] + g[H] * at(before, row, j);
    }
  // The candidate's argument brings the error of r, times |q| of up to 2.
  expect_close(gates, gate, 2 * STATE_ULPS, "gates");
  expect_close(h, out, 4 * STATE_ULPS, "h");

  matrix dh = input(rows, H, -2, 2), d_before = random_output(rows, H, -2, 2);
  matrix dgates = output(rows, 4 * H);
  wide *passed = values_of(d_before), *d_gates = wides(rows * 4 * H);
  for (size_t row = 0; row < rows; ++row)
    for (size_t j = 0; j < H; ++j) {
      wide r = at(gates, row, j), z = at(gates, row, H + j), q = at(gates, row, 2 * H + j);
      wide n = at(gates, row, 3 * H + j), d = at(dh, row, j), dn = d * (1 - z) * (1 - n * n);
      wide *out_row = d_gates + row * 4 * H + j;
      out_row[0] = dn * q * r * (1 - r);
      out_row[H] = d * (at(before, row, j) - n) * z * (1 - z);
      out_row[2 * H] = dn * r;
      out_row[3 * H] = dn;
      passed[row * H + j] += d * z;
    }
  kernels->gru_backward(
      rows, H, gates.data, gates.stride, before.data, before.stride, dh.data, dh.stride, d_before.data,
      d_before.stride, dgates.data, dgates.stride);
  expect_close(d_before, passed, STATE_ULPS, "dh_prev");
  expect_close(dgates, d_gates, GRADIENT_ULPS, "dgates");
}

void test_cells(void) {
  for (int i = 0; i < SHAPES; ++i) {
    lstm(shapes[i]);
    gru(shapes[i]);
  }
}
