#ifndef C_VECTOR_KERNELS_H
#define C_VECTOR_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Element-wise kernels for float and double, compiled for several instruction sets and chosen at
// run time. One table type serves both element types: arrays are `void *` to elements of the type
// the table was asked for, scalars are passed as double (exact for float). Matrices are row-major;
// a leading dimension `ld…` is the distance between rows in elements. Nothing here checks sizes:
// the callers in DenseMath do. Arrays may be equal where "may alias" is said, and must not
// overlap otherwise.

#ifdef __cplusplus
extern "C" {
#endif

/// Activations; `a` is the slope (leaky, prelu, rrelu), alpha (elu, celu) or beta (softplus).
typedef enum {
  UNROLL_IDENTITY = 0,
  UNROLL_TANH = 1,
  UNROLL_SIGMOID = 2,
  UNROLL_RELU = 3,
  UNROLL_LEAKY_RELU = 4,  // x > 0 ? x : a x   (prelu is the same with a learned)
  UNROLL_ELU = 5,         // x > 0 ? x : a (exp(x) - 1)
  UNROLL_HARD_SIGMOID = 6,
  UNROLL_LOG_SIGMOID = 7,
  UNROLL_HARD_TANH = 8,
  UNROLL_SOFTSIGN = 9,
  UNROLL_ARCTAN = 10,
  UNROLL_SCALED_TANH = 11,
  UNROLL_RELU6 = 12,
  UNROLL_RRELU = 13,      // forward as leaky; backward takes each slope as h / x
  UNROLL_SELU = 14,
  UNROLL_CELU = 15,       // x > 0 ? x : a (exp(x / a) - 1)
  UNROLL_GELU = 16,
  UNROLL_GELU_TANH = 17,
  UNROLL_SILU = 18,
  UNROLL_MISH = 19,
  UNROLL_SOFTPLUS = 20,   // ln(1 + exp(a x)) / a
} unroll_activation;

/// Nanoseconds spent in the parts of recurrent steps.
typedef struct {
  uint64_t product;
  uint64_t pointwise;
} unroll_profile;

/// A run of time steps of one layer. Matrices hold a block of `rows` rows for each step; the
/// states, and dh, hold one block more: block 0 belongs to the step before the run, block t+1 to
/// step t of it.
typedef struct {
  size_t steps, rows, hidden;
  /// G: the recurrent product is [rows, G·hidden].
  size_t gates_count;
  /// Forward: W_hh^T in panels; backward: W_hh in panels.
  const void *weights;
  /// [steps·rows, …]: pre-activations in, what the cell makes of them out; read by backward.
  void *gates;
  size_t ld_gates;
  /// [(steps+1)·rows, hidden]; c for the LSTM only.
  void *h, *c;
  size_t ld_h, ld_c;
  /// Backward: [(steps+1)·rows, hidden], in: what loss and layer above give; out: complete.
  void *dh;
  size_t ld_dh;
  /// Backward, LSTM: dL/dc carried from step to step [rows, hidden]; dL/dc of step t goes to
  /// dc + t·dc_step, where a dc_step of 0 keeps the last only.
  void *dc_carry, *dc;
  size_t ld_dc_carry, ld_dc, dc_step;
  /// Backward, out: the gates' gradients, a block a step.
  void *dgates;
  size_t ld_dgates;
  /// NULL unless times are wanted.
  unroll_profile *profile;
} unroll_steps;

typedef struct {
  /// "avx512", "avx2" or "portable".
  const char *name;

  // y = f(x), n elements; x and y may alias.
  void (*exp)(size_t n, const void *x, void *y);
  void (*tanh)(size_t n, const void *x, void *y);
  void (*sigmoid)(size_t n, const void *x, void *y);

  /// h = f(pre), element-wise on [rows, columns].
  void (*activation_forward)(
      unroll_activation kind, double a, size_t rows, size_t columns, const void *pre,
      size_t ld_pre, void *h, size_t ld_h);
  /// dpre = dh * f'(pre). `h` is f(pre). dpre may alias dh or pre.
  void (*activation_backward)(
      unroll_activation kind, double a, size_t rows, size_t columns, const void *pre,
      size_t ld_pre, const void *h, size_t ld_h, const void *dh, size_t ld_dh, void *dpre,
      size_t ld_dpre);
  /// h = pre where pre > 0, else (lower + (upper - lower) h) pre: in, h holds numbers of U[0, 1).
  void (*random_leaky_forward)(
      double lower, double upper, size_t rows, size_t columns, const void *pre, size_t ld_pre,
      void *h, size_t ld_h);
  /// Sum of dh * min(pre, 0): the derivative by the slope of leaky-relu/prelu.
  double (*slope_gradient)(
      size_t rows, size_t columns, const void *pre, size_t ld_pre, const void *dh, size_t ld_dh);

  /// LSTM, pointwise part of one step. `gates` [rows, 4H] holds the pre-activations of i, f, g, o
  /// and is overwritten with their activations; c = f c_prev + i g; h = o tanh(c).
  /// c may alias c_prev.
  void (*lstm_forward)(
      size_t rows, size_t hidden, void *gates, size_t ld_gates, const void *c_prev,
      size_t ld_c_prev, void *c, size_t ld_c, void *h, size_t ld_h);
  /// Backward of the above. In: activated `gates`, c_prev, c, dh, and dc_carry = the part of
  /// dL/dc_t that comes through c_{t+1}. Out: dc_total = dc_carry + dh o (1 - tanh(c)^2),
  /// dc_prev = f dc_total, and dgates [rows, 4H], the pre-activations' gradients.
  /// dc_prev may alias dc_carry; dgates may alias gates. tanh(c) is computed anew.
  void (*lstm_backward)(
      size_t rows, size_t hidden, const void *gates, size_t ld_gates, const void *c_prev,
      size_t ld_c_prev, const void *c, size_t ld_c, const void *dh, size_t ld_dh,
      const void *dc_carry, size_t ld_dc_carry, void *dc_total, size_t ld_dc_total, void *dc_prev,
      size_t ld_dc_prev, void *dgates, size_t ld_dgates);

  /// GRU, pointwise part of one step (gru.inc): `gates` [rows, 4H] holds r, z, q, n, where q is the
  /// candidate's recurrent product with its bias; h must not alias h_prev.
  void (*gru_forward)(
      size_t rows, size_t hidden, void *gates, size_t ld_gates, const void *h_prev,
      size_t ld_h_prev, void *h, size_t ld_h);
  /// Backward of the above; adds z dh to dh_prev.
  void (*gru_backward)(
      size_t rows, size_t hidden, const void *gates, size_t ld_gates, const void *h_prev,
      size_t ld_h_prev, const void *dh, size_t ld_dh, void *dh_prev, size_t ld_dh_prev,
      void *dgates, size_t ld_dgates);

  // Whole runs of steps, recurrent product included.
  void (*rnn_forward_steps)(const unroll_steps *steps, unroll_activation kind, double a);
  void (*rnn_backward_steps)(const unroll_steps *steps, unroll_activation kind, double a);
  void (*lstm_forward_steps)(const unroll_steps *steps);
  void (*lstm_backward_steps)(const unroll_steps *steps);
  void (*gru_forward_steps)(const unroll_steps *steps);
  void (*gru_backward_steps)(const unroll_steps *steps);

  /// The columns of a panel, and of a vector.
  size_t panel_width, vector_width;
  /// Lays the k × n matrix b(i, j) = b[i b_k + j b_n] out in panels: panel p holds columns from
  /// p·panel_width, row by row, the last padded with zeros: ceil(n / panel_width) · k · panel_width
  /// elements in all.
  void (*lay_out_panels)(
      size_t k, size_t n, const void *b, size_t b_k, size_t b_n, void *panels);
  /// c [m, n] = addend + a b; a(r, i) = a[r a_row + i a_k], and panel p of b has row i at
  /// b + p b_panel + i b_row. Whole vectors of b are read: a last panel is padded up to a multiple
  /// of vector_width at least. Each sum is taken in the order of k, the addend last. The addend
  /// [m, n] may be c itself, one row for all (ld_addend 0), or NULL.
  void (*product)(
      size_t m, size_t n, size_t k, const void *a, size_t a_row, size_t a_k, const void *b,
      size_t b_panel, size_t b_row, const void *addend, size_t ld_addend, void *c, size_t ld_c);

  /// Multiplies and adds on registers alone, to see how fast that can be: `iterations` rounds over
  /// independent vectors. Returns the number of multiplications and additions; `total` [1] takes a
  /// sum of all results, so that none is left out.
  double (*multiply_add_peak)(size_t iterations, void *total);

  /// y[r, :] = a + b (b may be NULL).
  void (*fill_rows)(
      size_t rows, size_t columns, const void *a, const void *b, void *y, size_t ld_y);
  /// out[j] += sum over r of x[r, j].
  void (*add_column_sums)(size_t rows, size_t columns, const void *x, size_t ld_x, void *out);
  /// y[r, :] += table[index[r], :]. Indices are trusted.
  void (*gather_add_rows)(
      size_t rows, size_t columns, const int32_t *index, const void *table, size_t ld_table,
      void *y, size_t ld_y);
  /// table[index[r], :] += x[r, :], in the order of r.
  void (*scatter_add_rows)(
      size_t rows, size_t columns, const int32_t *index, const void *x, size_t ld_x, void *table,
      size_t ld_table);
  /// y[j, r] = x[r, j].
  void (*transpose)(
      size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y);

  // y = y op x on [rows, columns]; square_root: y = √x, x and y may alias.
  void (*add)(size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y);
  void (*multiply)(size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y);
  void (*divide)(size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y);
  void (*square_root)(
      size_t rows, size_t columns, const void *x, size_t ld_x, void *y, size_t ld_y);

  /// norms[r] = scaled-safe Euclidean norm of row r, as double; no under- or overflow of squares.
  void (*row_norms)(size_t rows, size_t columns, const void *x, size_t ld_x, double *norms);

  /// The sum of x_j y_j, taken in double; products of doubles may under- or overflow.
  double (*dot)(size_t n, const void *x, const void *y);

  /// Softmax cross-entropy of each row: losses[r] = logsumexp(logits[r]) - logits[r, target[r]]
  /// (natural log; 0 where weights[r] is 0); dlogits[r] = weights[r] (softmax - onehot).
  /// `weights` are of the element type. hits[r] = 1 when the largest logit is the target's
  /// (first largest wins), else 0. dlogits may alias logits, or be NULL.
  void (*softmax_cross_entropy)(
      size_t rows, size_t columns, const void *logits, size_t ld_logits, const int32_t *target,
      const void *weights, void *dlogits, size_t ld_dlogits, double *losses, uint8_t *hits);
  /// Squared error, mean over columns: losses[r] = mean_j (y - target)^2 (0 where the weight is 0),
  /// dy = weights[r] 2 (y - target) / columns. dy may alias y, or be NULL.
  void (*squared_error)(
      size_t rows, size_t columns, const void *y, size_t ld_y, const void *target,
      size_t ld_target, const void *weights, void *dy, size_t ld_dy, double *losses);

  /// Clamps to [-limit, limit]; true when an element changed. NaN stays NaN.
  bool (*clamp)(size_t n, double limit, void *x);
  /// g += scale * sign(x), sign(0) = 0.
  void (*add_sign)(size_t n, double scale, const void *x, void *g);
  /// True when every element lies within (-2^exponent, 2^exponent). An exponent one above that of the
  /// largest number asks whether all are finite.
  bool (*all_below)(size_t n, unsigned exponent, const void *x);

  // Optimizers, as PyTorch defines them; `decay` is the weight decay, `g` is not changed.
  /// d = g + decay w; w -= rate d
  void (*sgd)(size_t n, double rate, double decay, const void *g, void *w);
  /// d = g + decay w; v = momentum v + d; w -= rate v
  void (*momentum)(
      size_t n, double rate, double decay, double momentum, const void *g, void *w, void *v);
  /// d = g + decay w; v = alpha v + (1 - alpha) d^2; w -= rate d / (sqrt(v) + epsilon)
  void (*rmsprop)(
      size_t n, double rate, double decay, double alpha, double epsilon, const void *g, void *w,
      void *v);
  /// decoupled: w *= 1 - rate decay, d = g; else d = g + decay w. m = beta1 m + (1 - beta1) d;
  /// v = beta2 v + (1 - beta2) d^2;
  /// w -= rate / (1 - beta1^step) * m / (sqrt(v) / sqrt(1 - beta2^step) + epsilon). step from 1.
  void (*adam)(
      size_t n, double rate, double decay, bool decoupled, double beta1, double beta2,
      double epsilon, uint64_t step, const void *g, void *w, void *m, void *v);
} unroll_kernels;

/// The table that the environment variable UNROLL_KERNELS names, otherwise, or where this CPU cannot
/// run that one, the best; chosen once. Thread-safe.
const unroll_kernels *unroll_kernels_float(void);
const unroll_kernels *unroll_kernels_double(void);

/// A given table by name, NULL when the name is unknown or the CPU lacks what it needs.
const unroll_kernels *unroll_kernels_float_named(const char *name);
const unroll_kernels *unroll_kernels_double_named(const char *name);

/// The kernels by definition, for double alone: plain loops, which the others are compared with. Panels
/// are one column wide, and `multiply_add_peak` is NULL.
const unroll_kernels *unroll_kernels_reference(void);

/// From now on, a crash of this process (an instruction or an address that it must not use) writes `line`,
/// of which the first 1024 bytes are kept, to standard error and ends with `status`. A bus error of another thread
/// than this one goes to the handler that it had, where there is one. One thread at a time may set a line.
void unroll_crash_line_set(const char *line, int status);
/// Crashes are again what they were before the line was set.
void unroll_crash_line_clear(void);

/// Runs body(context) on a thread of its own, which nobody waits for. Returns 0, or the number of the
/// error where the system does not start one.
int unroll_start_thread(size_t stack_bytes, void (*body)(void *context), void *context);

/// What the CPU offers, as far as the choice of kernels needs it.
typedef struct {
  bool avx2_fma;
  bool avx512;   // f, bw, dq, vl
  bool avx512_bf16;
} unroll_cpu_features;
unroll_cpu_features unroll_cpu(void);
/// The CPU's name as it gives it, "" where it gives none, as on arm64 under Linux. Lives for the whole process.
const char *unroll_cpu_name(void);

/// The file of the library or program that has the code at `address`, "" where the system does not say. Lives
/// as long as that is loaded.
const char *unroll_library_of(const void *address);
/// What is called `name` in the libraries that this code may use, NULL where nothing is. That includes the
/// libraries of a plugin that the host opened for itself alone (RTLD_LOCAL).
void *unroll_symbol(const char *name);

/// Cores of a machine.
typedef struct {
  int count;          // 0 where the system does not say
  uint64_t identity;  // a hash of the machine and of which of its cores these are
} unroll_core_set;
/// The cores that the calling thread may run on (Linux). The set that the system fills in has room for
/// 8 `bytes` cores at first, and grows until the system takes it.
unroll_core_set unroll_cores(size_t bytes);

/// Bytes that this process may still map.
typedef struct {
  uint64_t address_space, data;  // under `ulimit -v` and `ulimit -d`; UINT64_MAX without a limit
} unroll_left;
/// Linux alone; elsewhere there is no limit.
unroll_left unroll_memory_left(void);
/// Whether the system maps `bytes` `count` times now; they are given back at once.
bool unroll_can_map(size_t bytes, size_t count);

/// Sets the calling thread's CPU to flush subnormal results to zero and to read subnormals as zero
/// (x86-64 MXCSR, arm64 FPCR; nothing elsewhere), and returns the mode before, for the restore.
uint64_t unroll_flush_subnormals(void);
void unroll_restore_float_mode(uint64_t mode);

/// A monotonic clock.
uint64_t unroll_nanoseconds(void);
/// Tells the CPU that the thread is waiting for another one's store.
static inline void unroll_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

#ifdef __cplusplus
}
#endif
#endif
