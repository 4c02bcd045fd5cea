// The reference's activations in long double, and how much a kernel may err.

#include <math.h>

#include "check.h"

typedef wide real;
#define atan atanl
#define erfc erfcl
#define exp expl
#define expm1 expm1l
#define fabs fabsl
#define fmax fmaxl
#define fmin fminl
#define log1p log1pl
#define sqrt sqrtl
#define tanh tanhl
// The element type's 1.7159.
#define AMPLITUDE rounded(1.7159L)
#include "../../Sources/CVectorKernels/definitions.inc"

const char *const activation_names[ACTIVATIONS] = {
    "identity", "tanh",   "sigmoid",     "relu",  "leaky-relu", "elu",  "hard-sigmoid",
    "log-sigmoid", "hard-tanh", "softsign", "arctan", "scaled-tanh", "relu6", "rrelu",
    "selu",     "celu",   "gelu",        "gelu-tanh", "silu",    "mish", "softplus"};

wide logistic(wide x) { return sigmoid(x); }

wide activation_value(unroll_activation kind, wide a, wide x) { return activation(kind, a, x); }

wide activation_slope(unroll_activation kind, wide a, wide x) {
  // The slope that rrelu draws is a here.
  return slope(kind == UNROLL_RRELU ? UNROLL_LEAKY_RELU : kind, a, x, 0);
}

wide activation_slope_terms(unroll_activation kind, wide x) {
  switch (kind) {
    // 1 - h² and the like, by h.
    case UNROLL_TANH:
    case UNROLL_SIGMOID:
    case UNROLL_SCALED_TANH: return 1;
    case UNROLL_SILU:
    case UNROLL_MISH: return exp(-fabs(x));
    case UNROLL_GELU: return exp(-x * x / 2);
    case UNROLL_GELU_TANH: return exp(-fabs(gelu_exponent(x)));
    default: return 0;
  }
}

// The rounding of v costs |v| ulps of e^v; from 800 on, the sigmoid of v is 0 or 1.
wide activation_allowance(unroll_activation kind, wide x) {
  return kind == UNROLL_GELU_TANH ? 1 + fmin(fabs(gelu_exponent(x)), 800) / 2 : 1;
}
