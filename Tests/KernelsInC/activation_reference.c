// The activations and their slopes as their equations stand in books.

#include <math.h>

#include "check.h"

const char *const activation_names[ACTIVATIONS] = {
    "identity", "tanh",   "sigmoid",     "relu",  "leaky-relu", "elu",  "hard-sigmoid",
    "log-sigmoid", "hard-tanh", "softsign", "arctan", "scaled-tanh", "relu6", "rrelu",
    "selu",     "celu",   "gelu",        "gelu-tanh", "silu",    "mish", "softplus"};

static const wide PI = 3.14159265358979323846264338327950288L;
static const wide SELU_SCALE = 1.0507009873554804934193349852946L;
static const wide SELU_SCALE_ALPHA = 1.7580993408473768599402175208123L;
// What softplus takes for large, as PyTorch.
static const wide SOFTPLUS_THRESHOLD = 20;

wide logistic(wide x) {
  wide e = expl(-fabsl(x));
  return (x < 0 ? e : 1) / (1 + e);
}

static wide softplus(wide x) { return fmaxl(x, 0) + log1pl(expl(-fabsl(x))); }
static wide normal(wide x) { return erfcl(-x / sqrtl(2)) / 2; }
static wide clipped(wide x, wide low, wide high) { return fminl(fmaxl(x, low), high); }
// The element type's 1.7159.
static wide amplitude(void) { return rounded(1.7159L); }

// v of the sigmoid in the tanh form of gelu, and its slope.
static wide gelu_exponent(wide x) { return 2 * sqrtl(2 / PI) * (x + 0.044715L * x * x * x); }
static wide gelu_exponent_slope(wide x) { return 2 * sqrtl(2 / PI) * (1 + 3 * 0.044715L * x * x); }

wide activation_value(unroll_activation kind, wide a, wide x) {
  switch (kind) {
    case UNROLL_IDENTITY: return x;
    case UNROLL_TANH: return tanhl(x);
    case UNROLL_SIGMOID: return logistic(x);
    case UNROLL_RELU: return fmaxl(x, 0);
    case UNROLL_LEAKY_RELU:
    case UNROLL_RRELU: return x > 0 ? x : a * x;
    case UNROLL_ELU: return x > 0 ? x : a * expm1l(x);
    case UNROLL_HARD_SIGMOID: return clipped(x + 3, 0, 6) / 6;
    case UNROLL_LOG_SIGMOID: return -softplus(-x);
    case UNROLL_HARD_TANH: return clipped(x, -1, 1);
    case UNROLL_SOFTSIGN: return x / (1 + fabsl(x));
    case UNROLL_ARCTAN: return atanl(x);
    case UNROLL_SCALED_TANH: return amplitude() * tanhl(2 * x / 3);
    case UNROLL_RELU6: return clipped(x, 0, 6);
    case UNROLL_SELU: return x > 0 ? SELU_SCALE * x : SELU_SCALE_ALPHA * expm1l(x);
    case UNROLL_CELU: return x > 0 ? x : a * expm1l(x / a);
    case UNROLL_GELU: return x * normal(x);
    case UNROLL_GELU_TANH: return x * logistic(gelu_exponent(x));
    case UNROLL_SILU: return x * logistic(x);
    case UNROLL_MISH: return x * tanhl(softplus(x));
    case UNROLL_SOFTPLUS: return a * x > SOFTPLUS_THRESHOLD ? x : softplus(a * x) / a;
  }
  return NAN;
}

static wide tanh_slope(wide x) {
  wide h = tanhl(x);
  return 1 - h * h;
}

wide activation_slope(unroll_activation kind, wide a, wide x) {
  switch (kind) {
    case UNROLL_IDENTITY: return 1;
    case UNROLL_TANH: return tanh_slope(x);
    case UNROLL_SIGMOID: return logistic(x) * logistic(-x);
    case UNROLL_RELU: return x > 0 ? 1 : 0;
    case UNROLL_LEAKY_RELU:
    case UNROLL_RRELU: return x > 0 ? 1 : a;
    case UNROLL_ELU: return x > 0 ? 1 : a * expl(x);
    case UNROLL_HARD_SIGMOID: return fabsl(x) < 3 ? 1 / (wide)6 : 0;
    case UNROLL_LOG_SIGMOID: return logistic(-x);
    case UNROLL_HARD_TANH: return fabsl(x) < 1 ? 1 : 0;
    case UNROLL_SOFTSIGN: return 1 / ((1 + fabsl(x)) * (1 + fabsl(x)));
    case UNROLL_ARCTAN: return 1 / (1 + x * x);
    case UNROLL_SCALED_TANH: return 2 * amplitude() / 3 * tanh_slope(2 * x / 3);
    case UNROLL_RELU6: return x > 0 && x < 6 ? 1 : 0;
    case UNROLL_SELU: return x > 0 ? SELU_SCALE : SELU_SCALE_ALPHA * expl(x);
    case UNROLL_CELU: return x > 0 ? 1 : expl(x / a);
    case UNROLL_GELU: return normal(x) + x * expl(-x * x / 2) / sqrtl(2 * PI);
    case UNROLL_GELU_TANH: {
      wide v = gelu_exponent(x);
      return logistic(v) * (1 + x * gelu_exponent_slope(x) * logistic(-v));
    }
    case UNROLL_SILU: return logistic(x) * (1 + x * logistic(-x));
    case UNROLL_MISH: {
      wide t = tanhl(softplus(x));
      return t + x * (1 - t * t) * logistic(x);
    }
    case UNROLL_SOFTPLUS: return a * x > SOFTPLUS_THRESHOLD ? 1 : logistic(a * x);
  }
  return NAN;
}

wide activation_slope_terms(unroll_activation kind, wide x) {
  switch (kind) {
    // 1 - h² and the like, by h.
    case UNROLL_TANH:
    case UNROLL_SIGMOID:
    case UNROLL_SCALED_TANH: return 1;
    case UNROLL_SILU:
    case UNROLL_MISH: return expl(-fabsl(x));
    case UNROLL_GELU: return expl(-x * x / 2);
    case UNROLL_GELU_TANH: return expl(-fabsl(gelu_exponent(x)));
    default: return 0;
  }
}

// The rounding of v costs |v| ulps of e^v; from 800 on, the sigmoid of v is 0 or 1.
wide activation_allowance(unroll_activation kind, wide x) {
  return kind == UNROLL_GELU_TANH ? 1 + fminl(fabsl(gelu_exponent(x)), 800) / 2 : 1;
}
