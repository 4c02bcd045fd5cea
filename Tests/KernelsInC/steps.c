// Whole runs of time steps: the recurrent product and the pointwise part of each, forward and backward.

#include <math.h>
#include <string.h>

#include "check.h"

typedef enum { RNN, LSTM, GRU } cell;
static const char *const cell_names[] = {"rnn", "lstm", "gru"};
// Blocks of columns in the gates, and those among them that the recurrent product reaches.
static const size_t blocks_of[] = {1, 4, 4}, products_of[] = {1, 4, 3};

typedef struct {
  size_t steps, rows, hidden;
} run_shape;
static const run_shape run_shapes[] = {{1, 1, 1}, {3, 1, 5}, {5, 7, 33}, {4, 17, 20}, {2, 3, 130}};

// The weights' norm is about 1, so the error of a step passes to the next about as it is. A step adds that of
// the gates (3 or 4 units, 8 backward) and that of a sum of H products of numbers up to 1, whose partial sums
// are of the order of 1: a random walk of √H units, H for a bound.
static wide bound(run_shape s) { return s.steps * (8 + (wide)s.hidden); }

// What a run reads and writes, with the weights as a matrix and in panels for either direction.
typedef struct {
  cell cell;
  unroll_activation kind;
  run_shape shape;
  matrix weights, gates, h, c;
  void *forward_panels, *backward_panels;
} run;

static void *panels_of(size_t k, size_t n, matrix w, size_t w_k, size_t w_n) {
  const size_t width = kernels->panel_width;
  void *panels = elements((n + width - 1) / width * width * k);
  kernels->lay_out_panels(k, n, w.data, w_k, w_n, panels);
  return panels;
}

static run new_run(cell cell, unroll_activation kind, run_shape s) {
  const size_t H = s.hidden, units = products_of[cell] * H;
  const wide most = 1 / sqrtl((wide)H);
  run x = {.cell = cell, .kind = kind, .shape = s};
  x.weights = input(units, H, -most, most);
  x.forward_panels = panels_of(H, units, x.weights, 1, x.weights.stride);
  x.backward_panels = panels_of(units, H, x.weights, x.weights.stride, 1);
  x.gates = random_output(s.steps * s.rows, blocks_of[cell] * H, -1, 1);
  x.h = random_output((s.steps + 1) * s.rows, H, -1, 1);
  x.c = random_output((s.steps + 1) * s.rows, H, -1, 1);
  return x;
}

static unroll_steps steps_of(const run *x) {
  return (unroll_steps){
      .steps = x->shape.steps, .rows = x->shape.rows, .hidden = x->shape.hidden,
      .gates_count = products_of[x->cell], .gates = x->gates.data, .ld_gates = x->gates.stride,
      .h = x->h.data, .ld_h = x->h.stride, .c = x->cell == LSTM ? x->c.data : NULL,
      .ld_c = x->cell == LSTM ? x->c.stride : 0};
}

static const double A = 0.5;

static void call_forward(const run *x, unroll_steps steps) {
  steps.weights = x->forward_panels;
  if (x->cell == RNN) kernels->rnn_forward_steps(&steps, x->kind, A);
  if (x->cell == LSTM) kernels->lstm_forward_steps(&steps);
  if (x->cell == GRU) kernels->gru_forward_steps(&steps);
}

static void call_backward(const run *x, unroll_steps steps) {
  steps.weights = x->backward_panels;
  if (x->cell == RNN) kernels->rnn_backward_steps(&steps, x->kind, A);
  if (x->cell == LSTM) kernels->lstm_backward_steps(&steps);
  if (x->cell == GRU) kernels->gru_backward_steps(&steps);
}

// Everything from the first state on, in long double.
static void forward(const run *x) {
  const size_t H = x->shape.hidden, rows = x->shape.rows, columns = x->gates.columns;
  wide *gates = values_of(x->gates), *h = values_of(x->h), *c = values_of(x->c);
  for (size_t place = 0; place < x->shape.steps * rows; ++place) {
    wide *g = gates + place * columns, *before = h + place * H, *after = before + rows * H;
    for (size_t unit_number = 0; unit_number < x->weights.rows; ++unit_number)
      for (size_t i = 0; i < H; ++i) g[unit_number] += at(x->weights, unit_number, i) * before[i];
    for (size_t j = 0; j < H; ++j, ++g) {
      if (x->cell == RNN) {
        after[j] = activation_value(x->kind, A, g[0]);
      } else if (x->cell == LSTM) {
        g[0] = logistic(g[0]), g[H] = logistic(g[H]), g[2 * H] = tanhl(g[2 * H]);
        g[3 * H] = logistic(g[3 * H]);
        wide *c_before = c + place * H, *c_after = c_before + rows * H;
        c_after[j] = g[H] * c_before[j] + g[0] * g[2 * H];
        after[j] = g[3 * H] * tanhl(c_after[j]);
      } else {
        g[0] = logistic(g[0]), g[H] = logistic(g[H]), g[3 * H] = tanhl(g[3 * H] + g[0] * g[2 * H]);
        after[j] = (1 - g[H]) * g[3 * H] + g[H] * before[j];
      }
    }
  }
  call_forward(x, steps_of(x));
  expect_close(x->gates, gates, bound(x->shape), "gates");
  expect_close(x->h, h, bound(x->shape), "h");
  if (x->cell == LSTM) expect_close(x->c, c, bound(x->shape), "c");
}

// From what the kernels saved, so that only the backward pass's own error counts.
static void backward(const run *x, bool keeps_dc) {
  const size_t H = x->shape.hidden, rows = x->shape.rows, columns = x->gates.columns;
  const size_t steps_count = x->shape.steps;
  matrix dh = random_output((steps_count + 1) * rows, H, -1, 1), dgates = output(steps_count * rows, columns);
  matrix carry = random_output(rows, H, -1, 1), dc = output((keeps_dc ? steps_count : 1) * rows, H);
  wide *d_h = values_of(dh), *d_gates = wides(steps_count * rows * columns), *d_carry = values_of(carry);
  wide *d_c = wides(dc.rows * H);
  for (size_t place = steps_count * rows; place-- > 0;) {
    wide *d = d_gates + place * columns, *before = d_h + place * H, *after = before + rows * H;
    wide *passing = d_carry + place % rows * H;
    for (size_t j = 0; j < H; ++j, ++d) {
#define GATE(number) at(x->gates, place, (number) * H + j)
      if (x->cell == RNN) {
        // By h = f(x), as the kernel saved it.
        wide value = at(x->h, place + rows, j);
        d[0] = after[j]
            * (x->kind == UNROLL_TANH ? 1 - value * value : activation_slope(x->kind, A, GATE(0)));
      } else if (x->cell == LSTM) {
        wide i = GATE(0), f = GATE(1), g = GATE(2), o = GATE(3);
        wide squashed = tanhl(at(x->c, place + rows, j));
        wide total = passing[j] + after[j] * o * (1 - squashed * squashed);
        passing[j] = f * total;
        d_c[(keeps_dc ? place : place % rows) * H + j] = total;
        d[0] = total * g * i * (1 - i);
        d[H] = total * at(x->c, place, j) * f * (1 - f);
        d[2 * H] = total * i * (1 - g * g);
        d[3 * H] = after[j] * squashed * o * (1 - o);
      } else {
        wide r = GATE(0), z = GATE(1), q = GATE(2), n = GATE(3);
        d[3 * H] = after[j] * (1 - z) * (1 - n * n);
        d[2 * H] = d[3 * H] * r;
        d[H] = after[j] * (at(x->h, place, j) - n) * z * (1 - z);
        d[0] = d[3 * H] * q * r * (1 - r);
        before[j] += after[j] * z;
      }
#undef GATE
    }
    d = d_gates + place * columns;
    for (size_t unit_number = 0; unit_number < x->weights.rows; ++unit_number)
      for (size_t i = 0; i < H; ++i) before[i] += d[unit_number] * at(x->weights, unit_number, i);
  }
  unroll_steps steps = steps_of(x);
  steps.dh = dh.data, steps.ld_dh = dh.stride;
  steps.dgates = dgates.data, steps.ld_dgates = dgates.stride;
  steps.dc_carry = carry.data, steps.ld_dc_carry = carry.stride;
  steps.dc = dc.data, steps.ld_dc = dc.stride, steps.dc_step = keeps_dc ? rows * dc.stride : 0;
  call_backward(x, steps);
  expect_close(dgates, d_gates, bound(x->shape), "dgates");
  expect_close(dh, d_h, bound(x->shape), "dh");
  if (x->cell == LSTM) {
    expect_close(carry, d_carry, bound(x->shape), "dc_carry");
    expect_close(dc, d_c, bound(x->shape), "dc");
  }
}

// Times are taken without a change of a bit.
static void profiled(cell cell, unroll_activation kind, run_shape s) {
  begin("%s steps with a profile", cell_names[cell]);
  run x = new_run(cell, kind, s), again = x;
  again.gates = copy_of(x.gates), again.h = copy_of(x.h), again.c = copy_of(x.c);
  unroll_profile profile = {0, 0};
  unroll_steps steps = steps_of(&again);
  steps.profile = &profile;
  call_forward(&x, steps_of(&x));
  call_forward(&again, steps);
  expect_same(again.h, x.h, "h");
  expect(profile.product > 0 && profile.pointwise > 0, "times");
}

static void test(cell cell, unroll_activation kind) {
  for (size_t i = 0; i < sizeof run_shapes / sizeof *run_shapes; ++i) {
    const run_shape s = run_shapes[i];
    begin(
        "%s steps%s%s, %zu of %zu × %zu", cell_names[cell], cell == RNN ? ", " : "",
        cell == RNN ? activation_names[kind] : "", s.steps, s.rows, s.hidden);
    run x = new_run(cell, kind, s);
    forward(&x);
    backward(&x, true);
    if (cell == LSTM) backward(&x, false);
  }
  profiled(cell, kind, run_shapes[2]);
}

void test_steps(void) {
  // One kind that has its loop in the step, one without a curve, and one in a function of its own.
  test(RNN, UNROLL_TANH);
  test(RNN, UNROLL_LEAKY_RELU);
  test(RNN, UNROLL_GELU);
  test(LSTM, UNROLL_IDENTITY);
  test(GRU, UNROLL_IDENTITY);
}
