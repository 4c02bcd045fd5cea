// The kernels by definition: plain loops over doubles, with the functions of the C library. The other
// tables are compared with this one, whenever the program starts to compute and in tests.

#include <math.h>

#include "tables.h"

// Row r of a matrix `x`, whose rows are `ld_x` apart.
#define IN(x, r) ((const double *)(x) + (r) * ld_##x)
#define OUT(x, r) ((double *)(x) + (r) * ld_##x)

typedef double real;
#define AMPLITUDE 1.7159
#include "definitions.inc"

static void exp_all(size_t n, const void *x, void *y) {
  for (size_t j = 0; j < n; ++j) ((double *)y)[j] = exp(((const double *)x)[j]);
}

static void tanh_all(size_t n, const void *x, void *y) {
  for (size_t j = 0; j < n; ++j) ((double *)y)[j] = tanh(((const double *)x)[j]);
}

static void sigmoid_all(size_t n, const void *x, void *y) {
  for (size_t j = 0; j < n; ++j) ((double *)y)[j] = sigmoid(((const double *)x)[j]);
}

static void activation_forward(
    unroll_activation kind, double a, size_t rows, size_t columns, const void *pre, size_t ld_pre,
    void *h, size_t ld_h) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(h, r)[j] = activation(kind, a, IN(pre, r)[j]);
}

static void activation_backward(
    unroll_activation kind, double a, size_t rows, size_t columns, const void *pre, size_t ld_pre,
    const void *h, size_t ld_h, const void *dh, size_t ld_dh, void *dpre, size_t ld_dpre) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j)
      OUT(dpre, r)[j] = IN(dh, r)[j] * slope(kind, a, IN(pre, r)[j], IN(h, r)[j]);
}

static void random_leaky_forward(
    double lower, double upper, size_t rows, size_t columns, const void *pre, size_t ld_pre, void *h,
    size_t ld_h) {
  for (size_t r = 0; r < rows; ++r) {
    for (size_t j = 0; j < columns; ++j) {
      double x = IN(pre, r)[j], drawn = lower + (upper - lower) * OUT(h, r)[j];
      OUT(h, r)[j] = x > 0 ? x : drawn * x;
    }
  }
}

static double slope_gradient(
    size_t rows, size_t columns, const void *pre, size_t ld_pre, const void *dh, size_t ld_dh) {
  double sum = 0;
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) sum += IN(dh, r)[j] * fmin(IN(pre, r)[j], 0);
  return sum;
}

// The equations of the cells stand in lstm.inc and gru.inc.

static void lstm_forward(
    size_t rows, size_t hidden, void *gates, size_t ld_gates, const void *c_prev, size_t ld_c_prev,
    void *c, size_t ld_c, void *h, size_t ld_h) {
  for (size_t r = 0; r < rows; ++r) {
    double *gate = OUT(gates, r);
    for (size_t j = 0; j < hidden; ++j) {
      double i = sigmoid(gate[j]), f = sigmoid(gate[hidden + j]);
      double g = tanh(gate[2 * hidden + j]), o = sigmoid(gate[3 * hidden + j]);
      gate[j] = i, gate[hidden + j] = f, gate[2 * hidden + j] = g, gate[3 * hidden + j] = o;
      OUT(c, r)[j] = f * IN(c_prev, r)[j] + i * g;
      OUT(h, r)[j] = o * tanh(OUT(c, r)[j]);
    }
  }
}

static void lstm_backward(
    size_t rows, size_t hidden, const void *gates, size_t ld_gates, const void *c_prev,
    size_t ld_c_prev, const void *c, size_t ld_c, const void *dh, size_t ld_dh,
    const void *dc_carry, size_t ld_dc_carry, void *dc_total, size_t ld_dc_total, void *dc_prev,
    size_t ld_dc_prev, void *dgates, size_t ld_dgates) {
  for (size_t r = 0; r < rows; ++r) {
    const double *gate = IN(gates, r);
    double *d_gate = OUT(dgates, r);
    for (size_t j = 0; j < hidden; ++j) {
      double i = gate[j], f = gate[hidden + j], g = gate[2 * hidden + j], o = gate[3 * hidden + j];
      double squashed = tanh(IN(c, r)[j]), d = IN(dh, r)[j];
      double total = IN(dc_carry, r)[j] + d * o * (1 - squashed * squashed);
      d_gate[j] = total * g * i * (1 - i);
      d_gate[hidden + j] = total * IN(c_prev, r)[j] * f * (1 - f);
      d_gate[2 * hidden + j] = total * i * (1 - g * g);
      d_gate[3 * hidden + j] = d * squashed * o * (1 - o);
      OUT(dc_total, r)[j] = total;
      OUT(dc_prev, r)[j] = f * total;
    }
  }
}

static void gru_forward(
    size_t rows, size_t hidden, void *gates, size_t ld_gates, const void *h_prev, size_t ld_h_prev,
    void *h, size_t ld_h) {
  for (size_t row = 0; row < rows; ++row) {
    double *gate = OUT(gates, row);
    for (size_t j = 0; j < hidden; ++j) {
      double r = sigmoid(gate[j]), z = sigmoid(gate[hidden + j]);
      double n = tanh(gate[3 * hidden + j] + r * gate[2 * hidden + j]);
      gate[j] = r, gate[hidden + j] = z, gate[3 * hidden + j] = n;
      OUT(h, row)[j] = (1 - z) * n + z * IN(h_prev, row)[j];
    }
  }
}

static void gru_backward(
    size_t rows, size_t hidden, const void *gates, size_t ld_gates, const void *h_prev,
    size_t ld_h_prev, const void *dh, size_t ld_dh, void *dh_prev, size_t ld_dh_prev, void *dgates,
    size_t ld_dgates) {
  for (size_t row = 0; row < rows; ++row) {
    const double *gate = IN(gates, row);
    double *d_gate = OUT(dgates, row);
    for (size_t j = 0; j < hidden; ++j) {
      double r = gate[j], z = gate[hidden + j], q = gate[2 * hidden + j], n = gate[3 * hidden + j];
      double d = IN(dh, row)[j], dn = d * (1 - z) * (1 - n * n);
      d_gate[j] = dn * q * r * (1 - r);
      d_gate[hidden + j] = d * (IN(h_prev, row)[j] - n) * z * (1 - z);
      d_gate[2 * hidden + j] = dn * r;
      d_gate[3 * hidden + j] = dn;
      OUT(dh_prev, row)[j] += d * z;
    }
  }
}

// Products. Panels are one column wide.

static void lay_out_panels(
    size_t k, size_t n, const void *b, size_t b_k, size_t b_n, void *panels) {
  for (size_t j = 0; j < n; ++j)
    for (size_t i = 0; i < k; ++i)
      ((double *)panels)[j * k + i] = ((const double *)b)[i * b_k + j * b_n];
}

static void product(
    size_t m, size_t n, size_t k, const void *a, size_t a_row, size_t a_k, const void *b,
    size_t b_panel, size_t b_row, const void *addend, size_t ld_addend, void *c, size_t ld_c) {
  for (size_t r = 0; r < m; ++r) {
    for (size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (size_t i = 0; i < k; ++i)
        sum += ((const double *)a)[r * a_row + i * a_k]
            * ((const double *)b)[j * b_panel + i * b_row];
      OUT(c, r)[j] = sum + (addend ? IN(addend, r)[j] : 0);
    }
  }
}

// Whole runs of steps, as steps.inc describes them.

#define BLOCK(x, t) ((double *)s->x + (t) * s->rows * s->ld_##x)

static void recurrent_product(const unroll_steps *s, size_t t) {
  product(
      s->rows, s->gates_count * s->hidden, s->hidden, BLOCK(h, t), s->ld_h, 1, s->weights, s->hidden,
      1, BLOCK(gates, t), s->ld_gates, BLOCK(gates, t), s->ld_gates);
}

static void recurrent_gradient(const unroll_steps *s, size_t t) {
  size_t units = s->gates_count * s->hidden;
  product(
      s->rows, s->hidden, units, BLOCK(dgates, t), s->ld_dgates, 1, s->weights, units, 1,
      BLOCK(dh, t), s->ld_dh, BLOCK(dh, t), s->ld_dh);
}

static void rnn_forward_steps(const unroll_steps *s, unroll_activation kind, double a) {
  for (size_t t = 0; t < s->steps; ++t) {
    recurrent_product(s, t);
    activation_forward(
        kind, a, s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(h, t + 1), s->ld_h);
  }
}

static void rnn_backward_steps(const unroll_steps *s, unroll_activation kind, double a) {
  for (size_t t = s->steps; t-- > 0;) {
    activation_backward(
        kind, a, s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(h, t + 1), s->ld_h,
        BLOCK(dh, t + 1), s->ld_dh, BLOCK(dgates, t), s->ld_dgates);
    recurrent_gradient(s, t);
  }
}

static void lstm_forward_steps(const unroll_steps *s) {
  for (size_t t = 0; t < s->steps; ++t) {
    recurrent_product(s, t);
    lstm_forward(
        s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(c, t), s->ld_c, BLOCK(c, t + 1),
        s->ld_c, BLOCK(h, t + 1), s->ld_h);
  }
}

static void lstm_backward_steps(const unroll_steps *s) {
  for (size_t t = s->steps; t-- > 0;) {
    lstm_backward(
        s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(c, t), s->ld_c, BLOCK(c, t + 1),
        s->ld_c, BLOCK(dh, t + 1), s->ld_dh, s->dc_carry, s->ld_dc_carry,
        (double *)s->dc + t * s->dc_step, s->ld_dc, s->dc_carry, s->ld_dc_carry, BLOCK(dgates, t),
        s->ld_dgates);
    recurrent_gradient(s, t);
  }
}

static void gru_forward_steps(const unroll_steps *s) {
  for (size_t t = 0; t < s->steps; ++t) {
    recurrent_product(s, t);
    gru_forward(
        s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(h, t), s->ld_h, BLOCK(h, t + 1),
        s->ld_h);
  }
}

static void gru_backward_steps(const unroll_steps *s) {
  for (size_t t = s->steps; t-- > 0;) {
    gru_backward(
        s->rows, s->hidden, BLOCK(gates, t), s->ld_gates, BLOCK(h, t), s->ld_h, BLOCK(dh, t + 1),
        s->ld_dh, BLOCK(dh, t), s->ld_dh, BLOCK(dgates, t), s->ld_dgates);
    recurrent_gradient(s, t);
  }
}

// Rows.

static void fill_rows(
    size_t rows, size_t columns, const void *a, const void *b, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j)
      OUT(y, r)[j] = ((const double *)a)[j] + (b ? ((const double *)b)[j] : 0);
}

static void add_column_sums(size_t rows, size_t columns, const void *x, size_t ld_x, void *out) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) ((double *)out)[j] += IN(x, r)[j];
}

static void gather_add_rows(
    size_t rows, size_t columns, const int32_t *index, const void *table, size_t ld_table, void *y,
    size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, r)[j] += IN(table, (size_t)index[r])[j];
}

static void scatter_add_rows(
    size_t rows, size_t columns, const int32_t *index, const void *x, size_t ld_x, void *table,
    size_t ld_table) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(table, (size_t)index[r])[j] += IN(x, r)[j];
}

static void transpose(
    size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, j)[r] = IN(x, r)[j];
}

static void add(size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, r)[j] += IN(x, r)[j];
}

static void multiply(
    size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, r)[j] *= IN(x, r)[j];
}

static void divide(size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, r)[j] /= IN(x, r)[j];
}

static void square_root(
    size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y) {
  for (size_t r = 0; r < rows; ++r)
    for (size_t j = 0; j < columns; ++j) OUT(y, r)[j] = sqrt(IN(x, r)[j]);
}

static double dot(size_t n, const void *x, const void *y) {
  double sum = 0;
  for (size_t j = 0; j < n; ++j) sum += ((const double *)x)[j] * ((const double *)y)[j];
  return sum;
}

static void row_norms(
    size_t rows, size_t columns, const void *x, size_t ld_x, double *norms) {
  for (size_t r = 0; r < rows; ++r) norms[r] = sqrt(dot(columns, IN(x, r), IN(x, r)));
}

// Losses.

static void softmax_cross_entropy(
    size_t rows, size_t columns, const void *logits, size_t ld_logits, const int32_t *target,
    const void *weights, void *dlogits, size_t ld_dlogits, double *losses, uint8_t *hits) {
  for (size_t r = 0; r < rows; ++r) {
    const double *x = IN(logits, r);
    double weight = ((const double *)weights)[r], sum = 0;
    size_t wanted = (size_t)target[r], best = 0;
    for (size_t j = 0; j < columns; ++j) {
      sum += exp(x[j]);
      if (x[j] > x[best]) best = j;
    }
    hits[r] = best == wanted;
    losses[r] = weight == 0 ? 0 : log(sum) - x[wanted];
    if (!dlogits) continue;
    for (size_t j = 0; j < columns; ++j)
      OUT(dlogits, r)[j] = weight * (exp(x[j]) / sum - (j == wanted));
  }
}

static void squared_error(
    size_t rows, size_t columns, const void *y, size_t ld_y, const void *target, size_t ld_target,
    const void *weights, void *dy, size_t ld_dy, double *losses) {
  for (size_t r = 0; r < rows; ++r) {
    double weight = ((const double *)weights)[r], sum = 0;
    for (size_t j = 0; j < columns; ++j) {
      double error = IN(y, r)[j] - IN(target, r)[j];
      sum += error * error;
      if (dy) OUT(dy, r)[j] = weight * 2 * error / (double)columns;
    }
    losses[r] = weight == 0 ? 0 : sum / (double)columns;
  }
}

// Flat buffers.

static bool clamp(size_t n, double limit, void *x) {
  double *value = x;
  bool changed = false;
  for (size_t j = 0; j < n; ++j) {
    if (fabs(value[j]) <= limit) continue;
    value[j] = copysign(limit, value[j]);
    changed = true;
  }
  return changed;
}

static void add_sign(size_t n, double scale, const void *x, void *g) {
  for (size_t j = 0; j < n; ++j) {
    double value = ((const double *)x)[j];
    ((double *)g)[j] += scale * ((value > 0) - (value < 0));
  }
}

static bool all_below(size_t n, unsigned exponent, const void *x) {
  for (size_t j = 0; j < n; ++j)
    if (!(fabs(((const double *)x)[j]) < ldexp(1, (int)exponent))) return false;
  return true;
}

static void sgd(size_t n, double rate, double decay, const void *g, void *w) {
  for (size_t j = 0; j < n; ++j)
    ((double *)w)[j] -= rate * (((const double *)g)[j] + decay * ((double *)w)[j]);
}

static void momentum(
    size_t n, double rate, double decay, double momentum, const void *g, void *w, void *v) {
  double *weight = w, *velocity = v;
  for (size_t j = 0; j < n; ++j) {
    velocity[j] = momentum * velocity[j] + ((const double *)g)[j] + decay * weight[j];
    weight[j] -= rate * velocity[j];
  }
}

static void rmsprop(
    size_t n, double rate, double decay, double alpha, double epsilon, const void *g, void *w,
    void *v) {
  double *weight = w, *square = v;
  for (size_t j = 0; j < n; ++j) {
    double d = ((const double *)g)[j] + decay * weight[j];
    square[j] = alpha * square[j] + (1 - alpha) * d * d;
    weight[j] -= rate * d / (sqrt(square[j]) + epsilon);
  }
}

static void adam(
    size_t n, double rate, double decay, bool decoupled, double beta1, double beta2, double epsilon,
    uint64_t step, const void *g, void *w, void *m, void *v) {
  double *weight = w, *first = m, *second = v;
  double mean = 1 - pow(beta1, (double)step), square = 1 - pow(beta2, (double)step);
  for (size_t j = 0; j < n; ++j) {
    double d = ((const double *)g)[j] + (decoupled ? 0 : decay * weight[j]);
    if (decoupled) weight[j] *= 1 - rate * decay;
    first[j] = beta1 * first[j] + (1 - beta1) * d;
    second[j] = beta2 * second[j] + (1 - beta2) * d * d;
    weight[j] -= rate * (first[j] / mean) / (sqrt(second[j] / square) + epsilon);
  }
}

static const unroll_kernels reference = {
  .name = "reference",
  .exp = exp_all,
  .tanh = tanh_all,
  .sigmoid = sigmoid_all,
  .activation_forward = activation_forward,
  .activation_backward = activation_backward,
  .random_leaky_forward = random_leaky_forward,
  .slope_gradient = slope_gradient,
  .lstm_forward = lstm_forward,
  .lstm_backward = lstm_backward,
  .gru_forward = gru_forward,
  .gru_backward = gru_backward,
  .rnn_forward_steps = rnn_forward_steps,
  .rnn_backward_steps = rnn_backward_steps,
  .lstm_forward_steps = lstm_forward_steps,
  .lstm_backward_steps = lstm_backward_steps,
  .gru_forward_steps = gru_forward_steps,
  .gru_backward_steps = gru_backward_steps,
  .panel_width = 1,
  .vector_width = 1,
  .lay_out_panels = lay_out_panels,
  .product = product,
  // It measures a speed, and has no result to compare.
  .multiply_add_peak = NULL,
  .fill_rows = fill_rows,
  .add_column_sums = add_column_sums,
  .gather_add_rows = gather_add_rows,
  .scatter_add_rows = scatter_add_rows,
  .transpose = transpose,
  .add = add,
  .multiply = multiply,
  .divide = divide,
  .square_root = square_root,
  .row_norms = row_norms,
  .dot = dot,
  .softmax_cross_entropy = softmax_cross_entropy,
  .squared_error = squared_error,
  .clamp = clamp,
  .add_sign = add_sign,
  .all_below = all_below,
  .sgd = sgd,
  .momentum = momentum,
  .rmsprop = rmsprop,
  .adam = adam,
};

const unroll_kernels *unroll_kernels_reference(void) { return &reference; }
