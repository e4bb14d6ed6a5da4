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

// MARK: Writing sixteen f64

// Past the caches when `streamed`, to an address that is a multiple of the vector's size.
#define DEFINE_PUT(V, SIZE)                                                                      \
  BODY void FN(put_##V)(V x, uint8_t *p, const bool streamed) {                                  \
    if (streamed) {                                                                              \
      __builtin_nontemporal_store(x, (V *)__builtin_assume_aligned(p, SIZE));                    \
    } else {                                                                                     \
      *(V##_any *)p = x;                                                                         \
    }                                                                                            \
  }

DEFINE_PUT(v8d, 64)
DEFINE_PUT(v16f, 64)
DEFINE_PUT(v16h, 32)
#undef DEFINE_PUT

BODY v8d FN(magnitude)(v8d x) { return (v8d)((v8l)x & INT64_MAX); }

BODY v16f FN(floats_of)(v8d low, v8d high) {
  return __builtin_shufflevector(__builtin_convertvector(low, v8f),
                                 __builtin_convertvector(high, v8f), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
                                 10, 11, 12, 13, 14, 15);
}

// Rounding to odd keeps in the last bit that something was cut off, so that the rounding to a
// narrower type that follows is the only one (Boldo and Melquiond, 2008). Adding a mask of the bits
// to be cut to those bits carries into the last bit kept unless all were zero.
BODY v8d FN(cut_to_odd)(v8d exact) {
  const int64_t cut = (1 << 29) - 1;
  v8l bits = (v8l)exact;
  return (v8d)((bits | ((bits & cut) + cut)) & ~cut);
}

BODY v16f FN(round_to_odd)(v8d low, v8d high) {
  return FN(floats_of)(FN(cut_to_odd)(low), FN(cut_to_odd)(high));
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

// Each `save` returns lanes that are not zero where an infinity or NaN was written.

BODY v16i FN(save_f32)(v8d low, v8d high, uint8_t *p, const bool streamed) {
  v16f x = FN(floats_of)(low, high);
  FN(put_v16f)(x, p, streamed);
  return ((v16i)x & INT32_MAX) >= 0x7f800000;
}

BODY v16i FN(save_f64)(v8d low, v8d high, uint8_t *p, const bool streamed) {
  FN(put_v8d)(low, p, streamed);
  FN(put_v8d)(high, p + 64, streamed);
  return (v16i)(~(FN(magnitude)(low) < (double)INFINITY) | ~(FN(magnitude)(high) < (double)INFINITY));
}

BODY v16u FN(rounded_bf16)(v16f odd) {
  v16u bits = (v16u)odd;
  return (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
}

// NaN, and what may be a subnormal f32.
SELDOM void FN(unusual_bf16)(const v8d *exact, v16u *rounded) {
  v8d low = exact[0], high = exact[1];
  v16f odd = FN(round_to_odd)(low, high), fine;
  v8f first = FN(round_to_odd_subnormal)(low), second = FN(round_to_odd_subnormal)(high);
  memcpy(&fine, &first, sizeof first);
  memcpy((uint8_t *)&fine + sizeof first, &second, sizeof second);
  v16u subnormal = (v16u)(((v16i)odd & INT32_MAX) <= 0x00800000);
  odd = (v16f)((subnormal & (v16u)fine) | (~subnormal & (v16u)odd));
  v16u nan = (v16u)(odd != odd);
  *rounded = (nan & (((v16u)odd >> 16) | 0x40)) | (~nan & FN(rounded_bf16)(odd));
}

BODY v16u FN(save_bf16)(v8d low, v8d high, uint8_t *p, const bool streamed) {
  v16f odd = FN(round_to_odd)(low, high);
  v16u magnitude = (v16u)odd & INT32_MAX, rounded = FN(rounded_bf16)(odd);
  v16i unusual = ((magnitude - 1) < 0x007fffff) | (magnitude > 0x7f800000);
  if (__builtin_expect(__builtin_reduce_or(unusual) != 0, 0)) {
    const v8d exact[2] = {low, high};
    FN(unusual_bf16)(exact, &rounded);
  }
  FN(put_v16h)(__builtin_convertvector(rounded, v16h), p, streamed);
  return (v16u)((rounded & 0x7fff) >= 0x7f80);
}

// Subnormals of f32 are far below half of the smallest half, so how they round is all one.
BODY v16h FN(save_f16)(v8d low, v8d high, uint8_t *p, const bool streamed) {
  v16f odd = FN(round_to_odd)(low, high);
#if HALF_HARDWARE
  v16h rounded = (v16h)__builtin_convertvector(odd, v16e);
#else
  v16i bits = (v16i)odd & INT32_MAX;
  v16i normal = (bits - (112 << 23) + 0xfff + ((bits >> 13) & 1)) >> 13;
  // Adding 1/2 puts the last bit of a subnormal half at the last bit of the sum.
  v16i subnormal = (v16i)((v16f)bits + 0.5f) - (v16i)((v16f){} + 0.5f);
  v16i is_subnormal = bits < (113 << 23);
  v16i is_large = bits >= (143 << 23);
  v16i is_nan = bits > 0x7f800000;
  v16i result = (is_subnormal & subnormal) | (~is_subnormal & normal);
  result = (is_large & (0x7c00 | (is_nan & 0x200))) | (~is_large & result);
  result |= ((v16i)odd >> 16) & 0x8000;
  v16h rounded = __builtin_convertvector((v16u)result, v16h);
#endif
  FN(put_v16h)(rounded, p, streamed);
  return (v16h)((rounded & 0x7fff) >= 0x7c00);
}

#define DEFINE_SAVE_BYTES(T, ENCODE)                                                             \
  BODY v16i FN(save_##T)(v8d low, v8d high, uint8_t *p, const bool streamed) {                   \
    (void)streamed;                                                                              \
    for (int i = 0; i < 8; i++) p[i] = ENCODE(low[i]), p[i + 8] = ENCODE(high[i]);               \
    const double limit = ck_limit_##T;                                                           \
    return (v16i)(~(FN(magnitude)(low) < limit) | ~(FN(magnitude)(high) < limit));               \
  }

DEFINE_SAVE_BYTES(f8e4m3, ck_encode_e4m3)
DEFINE_SAVE_BYTES(f8e5m2, ck_encode_e5m2)
#undef DEFINE_SAVE_BYTES

// MARK: Sums of a few streams of one type

// `m` and `first` are constants where this is called, so that the inner loops are unrolled and the
// pointers stay in registers. Sixteen elements at a time use whole cache lines of f32. BAD is the
// type of the lanes that tell what is not finite.
#define DEFINE_STREAMS(T, SIZE, BAD)                                                             \
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
  BODY bool FN(write_##T)(const double *sums, double scale, size_t n, uint8_t *out,              \
                          const bool streamed) {                                                 \
    size_t whole = n & ~(size_t)15, rest = n - whole;                                            \
    BAD bad = {};                                                                                \
    for (size_t i = 0; i < whole; i += 16) {                                                     \
      v8d low = *(const v8d_any *)(sums + i), high = *(const v8d_any *)(sums + i + 8);           \
      bad |= FN(save_##T)(low * scale, high * scale, out + i * SIZE, streamed);                  \
    }                                                                                            \
    if (rest) {                                                                                  \
      v8d x[2] = {};                                                                             \
      uint8_t padded[16 * SIZE];                                                                 \
      memcpy(x, sums + whole, rest * sizeof(double));                                            \
      bad |= FN(save_##T)(x[0] * scale, x[1] * scale, padded, false);                            \
      memcpy(out + whole * SIZE, padded, rest * SIZE);                                           \
    }                                                                                            \
    return __builtin_reduce_or(bad) != 0;                                                        \
  }                                                                                              \
  ENTRY bool FN(store_##T)(const double *sums, double scale, size_t n, uint8_t *out) {           \
    return FN(write_##T)(sums, scale, n, out, false);                                            \
  }                                                                                              \
  ENTRY bool FN(stream_##T)(const double *sums, double scale, size_t n, uint8_t *out) {          \
    return FN(write_##T)(sums, scale, n, out, true);                                             \
  }

DEFINE_STREAMS(f32, 4, v16i)
DEFINE_STREAMS(f16, 2, v16h)
DEFINE_STREAMS(bf16, 2, v16u)
DEFINE_STREAMS(f64, 8, v16i)
DEFINE_STREAMS(f8e4m3, 1, v16i)
DEFINE_STREAMS(f8e5m2, 1, v16i)
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
    .stream = {FN(stream_f32), FN(stream_f16), FN(stream_bf16), FN(stream_f64),
               FN(stream_f8e4m3), FN(stream_f8e5m2)},
    .divide = FN(divide),
    .relate = FN(relate),
    .subtract = FN(subtract),
    .dots = FN(dots),
    .sum_words = FN(sum_words),
};

#undef BODY
#undef ENTRY
#undef SELDOM
