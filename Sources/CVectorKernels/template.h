#ifndef TEMPLATE_H
#define TEMPLATE_H

// What every kernels_….c needs before it includes the templates.
//
// The templates (*.inc) are plain C over these macros:
//   REAL     the element type, float or double; BITS the unsigned integer of the same width
//   K(f)     f_float or f_double
//   IN_ROW, OUT_ROW   row r of the matrix argument m, whose leading dimension is called ld_m
// They are written for the compiler's vectorizer: loops without branches or calls. a * b + c
// becomes one fused operation where the instruction set has it (FP_CONTRACT, clang's default), so
// the tables may differ in the last bits.

#include <math.h>
#include <string.h>

#include "prefetch.h"
#include "profile.h"
#include "tables.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NEVER_INLINE __attribute__((noinline))

// Before a loop whose iterations touch different elements: arrays are equal or do not overlap, so
// no iteration depends on another, and the compiler need not check that at run time.
#define VECTORIZE _Pragma("clang loop vectorize(assume_safety)")
// Each kernels_….c also defines VECTORIZE_LONG, the same for loops with much arithmetic an
// element: there the last few, which fill no vector, are worth a masked step where masks are cheap.

// Before a loop over a constant number of iterations whose variables belong in registers.
#define UNROLL _Pragma("clang loop unroll(full)")
// Each also says how wide its vectors are, and how many of them make the panels of product.inc: as
// many as leave BLOCK_ROWS rows of sums, a row of the panel and a factor in the registers.
enum { BLOCK_ROWS = 6 };

#define IN_ROW(matrix, r) ((const REAL *)(matrix) + (r) * ld_##matrix)
#define OUT_ROW(matrix, r) ((REAL *)(matrix) + (r) * ld_##matrix)

// The largest power of two <= x, but no smaller than 2^-1022 nor larger than 2^1022, so that it and
// its inverse are normal numbers. x >= 0.
ALWAYS_INLINE double power_of_two_near(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  uint64_t exponent = bits >> 52;
  exponent = exponent < 1 ? 1 : exponent > 2045 ? 2045 : exponent;
  bits = exponent << 52;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#define JOIN_EXPANDED(a, b) a##_##b
#define JOIN(a, b) JOIN_EXPANDED(a, b)
#define QUOTE_EXPANDED(a) #a
#define QUOTE(a) QUOTE_EXPANDED(a)

// Partial sums of a reduction: enough for the widest vectors, and always as many, so that results
// do not depend on how the compiler vectorizes.
enum { LANES = 16 };

// sum += term, an expression in column j, over all columns; in double.
#define ADD_OVER_COLUMNS(sum, j, columns, term)                               \
  do {                                                                        \
    double lanes[LANES] = {0};                                                \
    size_t whole = (columns) - (columns) % LANES;                             \
    for (size_t first = 0; first < whole; first += LANES)                     \
      for (size_t lane = 0; lane < LANES; ++lane) {                           \
        size_t j = first + lane;                                              \
        lanes[lane] += (term);                                                \
      }                                                                       \
    for (size_t j = whole; j < (columns); ++j) lanes[j - whole] += (term);    \
    for (size_t half = LANES / 2; half > 0; half /= 2)                        \
      for (size_t lane = 0; lane < half; ++lane) lanes[lane] += lanes[lane + half]; \
    (sum) += lanes[0];                                                        \
  } while (0)

// largest = max(largest, term) over all columns; a NaN is never the larger.
#define MAX_OVER_COLUMNS(largest, j, columns, term)                           \
  do {                                                                        \
    REAL lanes[LANES];                                                        \
    for (size_t lane = 0; lane < LANES; ++lane) lanes[lane] = (largest);      \
    size_t whole = (columns) - (columns) % LANES;                             \
    for (size_t first = 0; first < whole; first += LANES)                     \
      for (size_t lane = 0; lane < LANES; ++lane) {                           \
        size_t j = first + lane;                                              \
        REAL value = (term);                                                  \
        lanes[lane] = value > lanes[lane] ? value : lanes[lane];              \
      }                                                                       \
    for (size_t j = whole; j < (columns); ++j) {                              \
      REAL value = (term);                                                    \
      (largest) = value > (largest) ? value : (largest);                      \
    }                                                                         \
    for (size_t lane = 0; lane < LANES; ++lane)                               \
      (largest) = lanes[lane] > (largest) ? lanes[lane] : (largest);          \
  } while (0)

#endif
