// One instruction set's kernels. The includer defines
//   FN(name)       the name of a function for this instruction set
//   TARGET         its function attributes, empty for the portable path
//   HALF_HARDWARE  1 when the f16c instructions may be used
// and includes this file after "vectors.h".

#define BODY static inline __attribute__((always_inline)) TARGET
#define ENTRY static TARGET
// Not inlined, which would have it share values with the common case, slowly for both.
#define SELDOM static __attribute__((noinline)) TARGET

// MARK: Reading eight elements as f64

BODY v8d FN(load_f32)(const uint8_t *p) {
  return __builtin_convertvector(*(const v8f_any *)p, v8d);
}

BODY v8d FN(load_f64)(const uint8_t *p) { return *(const v8d_any *)p; }

BODY v8d FN(load_bf16)(const uint8_t *p) {
  v8i wide = __builtin_convertvector(*(const v8h_any *)p, v8i) << 16;
  return __builtin_convertvector((v8f)wide, v8d);
}

BODY v8d FN(load_f16)(const uint8_t *p) {
#if HALF_HARDWARE
  v8f wide = (v8f)_mm256_cvtph_ps(_mm_loadu_si128((const __m128i_u *)p));
#else
  v8i bits = __builtin_convertvector(*(const v8h_any *)p, v8i);
  v8i magnitude = (bits & 0x7fff) << 13;
  // Scaling by 2^112 moves the exponent's bias and makes subnormals normal, exactly.
  v8i value = (v8i)((v8f)magnitude * 0x1p112f);
  v8i special = (bits & 0x7c00) == 0x7c00;
  value = (special & (magnitude | 0x7f800000)) | (~special & value);
  v8f wide = (v8f)(value | ((bits & 0x8000) << 16));
#endif
  return __builtin_convertvector(wide, v8d);
}

BODY v8d FN(load_f8e4m3)(const uint8_t *p) {
  v8d values;
  for (int i = 0; i < 8; i++) values[i] = ck_decode_e4m3(p[i]);
  return values;
}

BODY v8d FN(load_f8e5m2)(const uint8_t *p) {
  v8d values;
  for (int i = 0; i < 8; i++) values[i] = ck_decode_e5m2(p[i]);
  return values;
}

// MARK: Reading sixteen elements

// A type may read them in an order that costs it less: `untangle` puts two sums into the order of
// the elements, and `tangle` back into that of `pair`.
#define DEFINE_PLAIN_PAIR(T, SIZE)                                                               \
  BODY void FN(pair_##T)(const uint8_t *p, v8d *low, v8d *high) {                                \
    *low = FN(load_##T)(p);                                                                      \
    *high = FN(load_##T)(p + 8 * SIZE);                                                          \
  }                                                                                              \
  BODY void FN(tangle_##T)(v8d *low, v8d *high) { (void)low, (void)high; }                       \
  BODY void FN(untangle_##T)(v8d *low, v8d *high) { (void)low, (void)high; }

DEFINE_PLAIN_PAIR(f32, 4)
DEFINE_PLAIN_PAIR(f16, 2)
DEFINE_PLAIN_PAIR(f64, 8)
DEFINE_PLAIN_PAIR(f8e4m3, 1)
DEFINE_PLAIN_PAIR(f8e5m2, 1)
#undef DEFINE_PLAIN_PAIR

// Two of them in a word of 32 bits: the upper is a float once the lower is masked, the lower once it
// is shifted up. That spares the widening of 16 bits to 32.
BODY void FN(pair_bf16)(const uint8_t *p, v8d *even, v8d *odd) {
  v8u words = *(const v8u_any *)p;
  *even = __builtin_convertvector((v8f)(words << 16), v8d);
  *odd = __builtin_convertvector((v8f)(words & 0xffff0000), v8d);
}

BODY void FN(untangle_bf16)(v8d *even, v8d *odd) {
  v8d low = __builtin_shufflevector(*even, *odd, 0, 8, 1, 9, 2, 10, 3, 11);
  v8d high = __builtin_shufflevector(*even, *odd, 4, 12, 5, 13, 6, 14, 7, 15);
  *even = low, *odd = high;
}

BODY void FN(tangle_bf16)(v8d *low, v8d *high) {
  v8d even = __builtin_shufflevector(*low, *high, 0, 2, 4, 6, 8, 10, 12, 14);
  v8d odd = __builtin_shufflevector(*low, *high, 1, 3, 5, 7, 9, 11, 13, 15);
  *low = even, *high = odd;
}

// MARK: Writing eight f64

BODY v8d FN(magnitude)(v8d x) { return (v8d)((v8l)x & INT64_MAX); }

// Rounding to odd keeps in the last bit that something was cut off, so that the rounding to a
// narrower type that follows is the only one (Boldo and Melquiond, 2008). Adding a mask of the bits
// to be cut to those bits carries into the last bit kept unless all were zero.
BODY v8f FN(round_to_odd)(v8d exact) {
  const int64_t cut = (1 << 29) - 1;
  v8l bits = (v8l)exact;
  bits = (bits | ((bits & cut) + cut)) & ~cut;
  return __builtin_convertvector((v8d)bits, v8f);
}

// The same where the result may be a subnormal f32, which has fewer bits.
BODY v8f FN(round_to_odd_subnormal)(v8d exact) {
  v8f nearest = __builtin_convertvector(exact, v8f);
  v8d back = __builtin_convertvector(nearest, v8d);
  v8l inexact = (back < exact) | (back > exact);
  v8l too_far = FN(magnitude)(back) > FN(magnitude)(exact);
  v8i step = __builtin_convertvector(inexact & (too_far | 1), v8i);
  v8i bits = (v8i)nearest;
  return (v8f)(bits + (step & ((bits & 1) - 1)));
}

BODY void FN(save_f32)(v8d x, uint8_t *p) { *(v8f_any *)p = __builtin_convertvector(x, v8f); }

BODY void FN(save_f64)(v8d x, uint8_t *p) { *(v8d_any *)p = x; }

// What is no bfloat16 of full precision: zero, subnormals, infinities and NaN.
SELDOM void FN(save_unusual_bf16)(const v8d *exact, uint8_t *p) {
  v8d x = *exact, magnitude = FN(magnitude)(x);
  v8l subnormal = (magnitude < (double)FLT_MIN) & (magnitude > 0);
  v8f odd = FN(round_to_odd)(x);
  if (__builtin_reduce_or(subnormal)) odd = FN(round_to_odd_subnormal)(x);
  v8u bits = (v8u)odd;
  v8u rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  v8u nan = (v8u)(odd != odd);
  rounded = (nan & ((bits >> 16) | 0x40)) | (~nan & rounded);
  *(v8h_any *)p = __builtin_convertvector(rounded, v8h);
}

// Rounds in f64: adding half of the last bit kept, and less than that where it is even, carries.
BODY void FN(save_bf16)(v8d x, uint8_t *p) {
  v8d magnitude = FN(magnitude)(x);
  v8l usual = (magnitude >= (double)FLT_MIN) & (magnitude < ck_limits[DTYPE_bf16]);
  if (__builtin_expect(__builtin_reduce_or(~usual) != 0, 0)) {
    return FN(save_unusual_bf16)(&x, p);
  }
  const int64_t cut = (1ll << 45) - 1;
  v8l bits = (v8l)x;
  bits = (bits + (cut >> 1) + ((bits >> 45) & 1)) & ~cut;
  v8u rounded = (v8u)__builtin_convertvector((v8d)bits, v8f);
  *(v8h_any *)p = __builtin_convertvector(rounded >> 16, v8h);
}

// Subnormals of f32 are far below half of the smallest half, so how they round is all one.
BODY void FN(save_f16)(v8d x, uint8_t *p) {
  v8f odd = FN(round_to_odd)(x);
#if HALF_HARDWARE
  _mm_storeu_si128((__m128i_u *)p, _mm256_cvtps_ph((__m256)odd, _MM_FROUND_TO_NEAREST_INT));
#else
  v8i bits = (v8i)odd & INT32_MAX;
  v8i normal = (bits - (112 << 23) + 0xfff + ((bits >> 13) & 1)) >> 13;
  // Adding 1/2 puts the last bit of a subnormal half at the last bit of the sum.
  v8i subnormal = (v8i)((v8f)bits + 0.5f) - (v8i)((v8f){} + 0.5f);
  v8i is_subnormal = bits < (113 << 23);
  v8i is_large = bits >= (143 << 23);
  v8i is_nan = bits > 0x7f800000;
  v8i result = (is_subnormal & subnormal) | (~is_subnormal & normal);
  result = (is_large & (0x7c00 | (is_nan & 0x200))) | (~is_large & result);
  result |= ((v8i)odd >> 16) & 0x8000;
  *(v8h_any *)p = __builtin_convertvector((v8u)result, v8h);
#endif
}

BODY void FN(save_f8e4m3)(v8d x, uint8_t *p) {
  for (int i = 0; i < 8; i++) p[i] = ck_encode_e4m3(x[i]);
}

BODY void FN(save_f8e5m2)(v8d x, uint8_t *p) {
  for (int i = 0; i < 8; i++) p[i] = ck_encode_e5m2(x[i]);
}

// MARK: Sums of a few streams of one type

// `m` and `first` are constants where this is called, so that the inner loops are unrolled and the
// pointers stay in registers. Sixteen elements at a time use whole cache lines of f32.
#define DEFINE_STREAMS(T, SIZE)                                                                  \
  BODY void FN(sum_##T)(double *acc, bool first, const uint8_t *const *x, const double *w,       \
                        const size_t m, size_t n) {                                              \
    const uint8_t *p[CK_FUSED];                                                                  \
    double weight[CK_FUSED];                                                                     \
    for (size_t j = 0; j < m; j++) p[j] = x[j], weight[j] = w[j];                                \
    for (size_t i = 0; i < n; i += 16) {                                                         \
      v8d low, high, x, y;                                                                       \
      FN(pair_##T)(p[0] + i * SIZE, &low, &high);                                                \
      low *= weight[0], high *= weight[0];                                                       \
      if (!first) {                                                                              \
        x = *(v8d_any *)(acc + i), y = *(v8d_any *)(acc + i + 8);                                \
        FN(tangle_##T)(&x, &y);                                                                  \
        low = x + low, high = y + high;                                                          \
      }                                                                                          \
      for (size_t j = 1; j < m; j++) {                                                           \
        FN(pair_##T)(p[j] + i * SIZE, &x, &y);                                                   \
        low += x * weight[j], high += y * weight[j];                                             \
      }                                                                                          \
      FN(untangle_##T)(&low, &high);                                                             \
      *(v8d_any *)(acc + i) = low;                                                               \
      *(v8d_any *)(acc + i + 8) = high;                                                          \
    }                                                                                            \
  }                                                                                              \
  ENTRY void FN(sixteens_##T)(double *acc, bool first, const uint8_t *const *x,                  \
                              const double *w, size_t m, size_t n) {                             \
    if (first) {                                                                                 \
      if (m == 4) return FN(sum_##T)(acc, true, x, w, 4, n);                                     \
      if (m == 3) return FN(sum_##T)(acc, true, x, w, 3, n);                                     \
      if (m == 2) return FN(sum_##T)(acc, true, x, w, 2, n);                                     \
      return FN(sum_##T)(acc, true, x, w, 1, n);                                                 \
    }                                                                                            \
    if (m == 4) return FN(sum_##T)(acc, false, x, w, 4, n);                                      \
    if (m == 3) return FN(sum_##T)(acc, false, x, w, 3, n);                                      \
    if (m == 2) return FN(sum_##T)(acc, false, x, w, 2, n);                                      \
    return FN(sum_##T)(acc, false, x, w, 1, n);                                                  \
  }                                                                                              \
  ENTRY void FN(accumulate_##T)(double *acc, bool first, const uint8_t *const *x,                \
                                const double *w, size_t m, size_t n) {                           \
    size_t whole = n & ~(size_t)15, rest = n - whole;                                            \
    if (whole) FN(sixteens_##T)(acc, first, x, w, m, whole);                                     \
    if (rest == 0) return;                                                                       \
    uint8_t padded[CK_FUSED][16 * SIZE] = {};                                                    \
    const uint8_t *p[CK_FUSED];                                                                  \
    double sums[16] = {};                                                                        \
    for (size_t j = 0; j < m; j++) {                                                             \
      memcpy(padded[j], x[j] + whole * SIZE, rest * SIZE);                                       \
      p[j] = padded[j];                                                                          \
    }                                                                                            \
    if (!first) memcpy(sums, acc + whole, rest * sizeof(double));                                \
    FN(sixteens_##T)(sums, first, p, w, m, 16);                                                  \
    memcpy(acc + whole, sums, rest * sizeof(double));                                            \
  }                                                                                              \
  ENTRY bool FN(store_##T)(const double *sums, double scale, size_t n, uint8_t *out) {           \
    size_t whole = n & ~(size_t)7, rest = n - whole;                                             \
    const double limit = ck_limits[DTYPE_##T];                                                   \
    v8l bad = {};                                                                                \
    for (size_t i = 0; i < whole; i += 8) {                                                      \
      v8d x = *(const v8d_any *)(sums + i) * scale;                                              \
      bad |= ~(FN(magnitude)(x) < limit);                                                        \
      FN(save_##T)(x, out + i * SIZE);                                                           \
    }                                                                                            \
    if (rest) {                                                                                  \
      v8d x = {};                                                                                \
      uint8_t padded[8 * SIZE];                                                                  \
      memcpy(&x, sums + whole, rest * sizeof(double));                                           \
      x *= scale;                                                                                \
      bad |= ~(FN(magnitude)(x) < limit);                                                        \
      FN(save_##T)(x, padded);                                                                   \
      memcpy(out + whole * SIZE, padded, rest * SIZE);                                           \
    }                                                                                            \
    return __builtin_reduce_or(bad) != 0;                                                        \
  }

DEFINE_STREAMS(f32, 4)
DEFINE_STREAMS(f16, 2)
DEFINE_STREAMS(bf16, 2)
DEFINE_STREAMS(f64, 8)
DEFINE_STREAMS(f8e4m3, 1)
DEFINE_STREAMS(f8e5m2, 1)
#undef DEFINE_STREAMS

#include "narrow_sums.h"

// `sums` has room for a multiple of eight; what lies beyond `n` is of no account.
ENTRY void FN(divide)(double *sums, double divisor, size_t n) {
  for (size_t i = 0; i < n; i += 8) *(v8d_any *)(sums + i) /= divisor;
}

// MARK: Dot products of blocks of f64, padded with zeros to a multiple of eight

ENTRY ck_relation FN(relate)(const double *x, const double *y, size_t n) {
  v8d difference = {}, xx = {}, yy = {}, xy = {};
  for (size_t i = 0; i < n; i += 8) {
    v8d a = *(const v8d_any *)(x + i), b = *(const v8d_any *)(y + i), d = a - b;
    difference += d * d, xx += a * a, yy += b * b, xy += a * b;
  }
  return (ck_relation){ck_sum_lanes(difference), ck_sum_lanes(xx), ck_sum_lanes(yy),
                       ck_sum_lanes(xy)};
}

ENTRY void FN(subtract)(double *x, const double *y, size_t n) {
  for (size_t i = 0; i < n; i += 8) *(v8d_any *)(x + i) -= *(const v8d_any *)(y + i);
}

// Two rows against two: each value read is used twice.
ENTRY void FN(dots)(const double *rows, size_t stride, size_t count, size_t n, double *gram) {
  for (size_t i = 0; i < count; i += 2) {
    const double *a0 = rows + i * stride, *a1 = i + 1 < count ? a0 + stride : a0;
    for (size_t j = 0; j <= i; j += 2) {
      const double *b0 = rows + j * stride, *b1 = j + 1 < count ? b0 + stride : b0;
      v8d s00 = {}, s01 = {}, s10 = {}, s11 = {};
      for (size_t e = 0; e < n; e += 8) {
        v8d x0 = *(const v8d_any *)(a0 + e), x1 = *(const v8d_any *)(a1 + e);
        v8d y0 = *(const v8d_any *)(b0 + e), y1 = *(const v8d_any *)(b1 + e);
        s00 += x0 * y0, s01 += x0 * y1, s10 += x1 * y0, s11 += x1 * y1;
      }
      gram[i * count + j] += ck_sum_lanes(s00);
      if (j + 1 <= i) gram[i * count + j + 1] += ck_sum_lanes(s01);
      if (i + 1 < count) {
        gram[(i + 1) * count + j] += ck_sum_lanes(s10);
        gram[(i + 1) * count + j + 1] += ck_sum_lanes(s11);
      }
    }
  }
}

ENTRY uint64_t FN(sum_words)(const uint8_t *p, size_t bytes) {
  v8l a = {}, b = {}, c = {}, d = {};
  size_t i = 0;
  for (; i + 256 <= bytes; i += 256) {
    a += *(const v8l_any *)(p + i), b += *(const v8l_any *)(p + i + 64);
    c += *(const v8l_any *)(p + i + 128), d += *(const v8l_any *)(p + i + 192);
  }
  uint64_t total = (uint64_t)__builtin_reduce_add(a + b + c + d);
  for (; i + 8 <= bytes; i += 8) {
    uint64_t word;
    memcpy(&word, p + i, 8);
    total += word;
  }
  for (; i < bytes; i++) total += p[i];
  return total;
}

static const ck_kernels FN(kernels) = {
    .accumulate = {FN(accumulate_f32), FN(accumulate_f16), FN(accumulate_bf16),
                   FN(accumulate_f64), FN(accumulate_f8e4m3), FN(accumulate_f8e5m2)},
    .add_ones = {[CK_F16] = FN(add_ones_f16), [CK_BF16] = FN(add_ones_bf16)},
    .store = {FN(store_f32), FN(store_f16), FN(store_bf16), FN(store_f64), FN(store_f8e4m3),
              FN(store_f8e5m2)},
    .divide = FN(divide),
    .relate = FN(relate),
    .subtract = FN(subtract),
    .dots = FN(dots),
    .sum_words = FN(sum_words),
};

#undef BODY
#undef ENTRY
#undef SELDOM
