// Vector types of eight elements and the conversions of 8-bit floats. Compilers lower the types to
// what the instruction set has: one register, or several.
#ifndef CK_VECTORS_H
#define CK_VECTORS_H

#include <float.h>
#include <math.h>
#include <string.h>

#include "CKernels.h"

typedef double v8d __attribute__((vector_size(64)));
typedef float v8f __attribute__((vector_size(32)));
typedef int64_t v8l __attribute__((vector_size(64)));
typedef int32_t v8i __attribute__((vector_size(32)));
typedef uint32_t v8u __attribute__((vector_size(32)));
typedef uint16_t v8h __attribute__((vector_size(16)));
typedef uint16_t v16h __attribute__((vector_size(32)));
typedef int32_t v16i __attribute__((vector_size(64)));
typedef uint16_t v32h __attribute__((vector_size(64)));
typedef uint32_t v16u __attribute__((vector_size(64)));
typedef float v16f __attribute__((vector_size(64)));
// Halves, where there are instructions for them.
typedef _Float16 v16e __attribute__((vector_size(32)));
typedef _Float16 v32e __attribute__((vector_size(64)));

// The same at any address.
typedef v8d v8d_any __attribute__((aligned(1), may_alias));
typedef v8f v8f_any __attribute__((aligned(1), may_alias));
typedef v8l v8l_any __attribute__((aligned(1), may_alias));
typedef v8u v8u_any __attribute__((aligned(1), may_alias));
typedef v8h v8h_any __attribute__((aligned(1), may_alias));
typedef v16h v16h_any __attribute__((aligned(1), may_alias));
typedef v16f v16f_any __attribute__((aligned(1), may_alias));
typedef v32h v32h_any __attribute__((aligned(1), may_alias));

/// Streams of one type that are summed in one pass: as many as the prefetcher follows well.
enum { CK_FUSED = 4 };

/// Bytes of a cache line.
enum { CK_LINE = 64 };

/// What an instruction set provides.
typedef struct {
  void (*accumulate[CK_DTYPES])(double *acc, bool first, const uint8_t *const *x,
                                const double *w, size_t m, size_t n);
  /// The same with weights of one, as `((x_0 + x_1) + x_2) + ...`, added to `acc` at last; not for
  /// every type.
  void (*add_ones[CK_DTYPES])(double *acc, bool first, const uint8_t *const *x, size_t m, size_t n);
  bool (*store[CK_DTYPES])(const double *sums, double scale, size_t n, uint8_t *out);
  /// The same past the caches, to a multiple of `CK_LINE`; not ordered before what follows.
  bool (*stream[CK_DTYPES])(const double *sums, double scale, size_t n, uint8_t *out);
  void (*divide)(double *sums, double divisor, size_t n);
  ck_relation (*relate)(const double *x, const double *y, size_t n);
  void (*subtract)(double *x, const double *y, size_t n);
  void (*dots)(const double *rows, size_t stride, size_t count, size_t n, double *gram);
  uint64_t (*sum_words)(const uint8_t *p, size_t bytes);
} ck_kernels;

/// The smallest magnitudes that do not round to a finite value of a type.
static const double ck_limit_f8e4m3 = 0x1.d000000000001p8, ck_limit_f8e5m2 = 61440.0;

/// Sum of eight lanes in a fixed order. Takes a pointer's worth by macro: vectors are not passed
/// between functions compiled for different instruction sets.
#define ck_sum_lanes(v) \
  ((((v)[0] + (v)[1]) + ((v)[2] + (v)[3])) + (((v)[4] + (v)[5]) + ((v)[6] + (v)[7])))

/// Value of a small float with `mantissa` bits and an exponent's `bias`; specials are the caller's.
static inline double ck_decode_small(uint32_t magnitude, int mantissa, int bias) {
  uint64_t exponent = magnitude >> mantissa;
  uint64_t fraction = magnitude & ((1u << mantissa) - 1);
  if (exponent == 0) {
    uint64_t scale_bits = (uint64_t)(1024 - bias - mantissa) << 52;
    double scale;
    memcpy(&scale, &scale_bits, 8);
    return (double)fraction * scale;
  }
  uint64_t bits = (exponent + 1023 - (uint64_t)bias) << 52 | fraction << (52 - mantissa);
  double value;
  memcpy(&value, &bits, 8);
  return value;
}

/// float8_e4m3fn: no infinities; the two values with all bits of magnitude set are NaN.
static inline double ck_decode_e4m3(uint8_t code) {
  uint32_t magnitude = code & 0x7f;
  double value = magnitude == 0x7f ? (double)NAN : ck_decode_small(magnitude, 3, 7);
  return code & 0x80 ? -value : value;
}

/// float8_e5m2: the upper byte of a half.
static inline double ck_decode_e5m2(uint8_t code) {
  uint32_t magnitude = code & 0x7f;
  double value = magnitude > 0x7c    ? (double)NAN
                 : magnitude == 0x7c ? (double)INFINITY
                                     : ck_decode_small(magnitude, 2, 15);
  return code & 0x80 ? -value : value;
}

/// Rounds a finite f64 to nearest, ties to even; the code may exceed the largest finite one.
static inline uint32_t ck_encode_small(uint64_t bits, int mantissa, int bias) {
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  if (exponent == -1023) return 0;
  uint64_t significand = (bits & 0xfffffffffffff) | 1ull << 52;
  int below = 1 - bias - exponent;
  int shift = 52 - mantissa + (below > 0 ? below : 0);
  if (shift > 60) return 0;
  uint64_t kept = significand >> shift, cut = significand & ((1ull << shift) - 1);
  uint64_t half = 1ull << (shift - 1);
  kept += cut > half || (cut == half && (kept & 1));
  if (below > 0) return (uint32_t)kept;
  return (uint32_t)(((uint64_t)(exponent + bias) << mantissa) + kept - (1ull << mantissa));
}

static inline uint8_t ck_encode_e4m3(double value) {
  uint64_t bits;
  memcpy(&bits, &value, 8);
  uint8_t sign = (uint8_t)(bits >> 56 & 0x80);
  bits &= INT64_MAX;
  if (bits >= 0x7ffull << 52) return sign | 0x7f;
  uint32_t code = ck_encode_small(bits, 3, 7);
  return sign | (uint8_t)(code > 0x7e ? 0x7f : code);
}

static inline uint8_t ck_encode_e5m2(double value) {
  uint64_t bits;
  memcpy(&bits, &value, 8);
  uint8_t sign = (uint8_t)(bits >> 56 & 0x80);
  bits &= INT64_MAX;
  if (bits > 0x7ffull << 52) return sign | 0x7e;
  if (bits == 0x7ffull << 52) return sign | 0x7c;
  uint32_t code = ck_encode_small(bits, 2, 15);
  return sign | (uint8_t)(code > 0x7b ? 0x7c : code);
}

#endif
