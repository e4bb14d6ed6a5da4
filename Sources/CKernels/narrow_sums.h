// Sums of 16-bit floats with weights of one: the uniform soups of most models. Included by
// "kernel_bodies.h" for each instruction set.
//
// Up to four such numbers are added as f32, which is exact when they are of similar size: all are
// multiples of the least one's last bit, and f32 holds 24 bits of those. Where they are not, they are
// added as f64. Both give the same sum, which is then added to the f64 sums, at half the
// instructions.

// MARK: Reading 32 elements as f32

// In an order that costs little; `order` puts them into that of the elements.
BODY void FN(floats_bf16)(v32h codes, v16f *even, v16f *odd) {
  v16u words = (v16u)codes;
  *even = (v16f)(words << 16);
  *odd = (v16f)(words & 0xffff0000);
}

BODY void FN(order_bf16)(v16f *even, v16f *odd) {
  v16f low = __builtin_shufflevector(*even, *odd, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22,
                                     7, 23);
  v16f high = __builtin_shufflevector(*even, *odd, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                      14, 30, 15, 31);
  *even = low, *odd = high;
}

#if HALF_HARDWARE
BODY void FN(floats_f16)(v32h codes, v16f *low, v16f *high) {
  v32e values = (v32e)codes;
  *low = __builtin_convertvector(
      __builtin_shufflevector(values, values, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
      v16f);
  *high = __builtin_convertvector(
      __builtin_shufflevector(values, values, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
                              30, 31),
      v16f);
}

BODY void FN(order_f16)(v16f *low, v16f *high) { (void)low, (void)high; }
#endif

// MARK: Sums of a few streams

BODY void FN(add_floats)(double *acc, bool first, v16f floats) {
  v8d low = __builtin_convertvector(
      __builtin_shufflevector(floats, floats, 0, 1, 2, 3, 4, 5, 6, 7), v8d);
  v8d high = __builtin_convertvector(
      __builtin_shufflevector(floats, floats, 8, 9, 10, 11, 12, 13, 14, 15), v8d);
  *(v8d_any *)acc = first ? low : *(v8d_any *)acc + low;
  *(v8d_any *)(acc + 8) = first ? high : *(v8d_any *)(acc + 8) + high;
}

// Adds 32 elements of `m` streams as f64.
#define DEFINE_WIDE_ONES(T)                                                                      \
  SELDOM void FN(wide_ones_##T)(double *acc, bool first, const uint8_t *const *p, size_t m) {    \
    for (size_t i = 0; i < 32; i += 16) {                                                        \
      v8d low, high, x, y;                                                                       \
      FN(pair_##T)(p[0] + i * 2, &low, &high);                                                   \
      for (size_t j = 1; j < m; j++) {                                                           \
        FN(pair_##T)(p[j] + i * 2, &x, &y);                                                      \
        low += x, high += y;                                                                     \
      }                                                                                          \
      FN(untangle_##T)(&low, &high);                                                             \
      *(v8d_any *)(acc + i) = first ? low : *(v8d_any *)(acc + i) + low;                         \
      *(v8d_any *)(acc + i + 8) = first ? high : *(v8d_any *)(acc + i + 8) + high;               \
    }                                                                                            \
  }

// The same as f32 where that is exact. With four of them, whose sum has three more bits than the
// largest, the exponents of the largest and the least that is not zero may lie 21 less the bits of a
// fraction apart: SPREAD in codes. From LARGE on sums may be infinite.
#define DEFINE_NARROW_ONES(T, SPREAD, LARGE)                                                     \
  BODY void FN(ones_of_##T)(double *acc, bool first, const uint8_t *const *p, const size_t m) {  \
    v16f low, high, x, y;                                                                        \
    v32h codes = *(const v32h_any *)p[0], magnitude = codes & 0x7fff;                            \
    v32h most = magnitude, least = magnitude - 1;                                                \
    FN(floats_##T)(codes, &low, &high);                                                          \
    for (size_t j = 1; j < m; j++) {                                                             \
      codes = *(const v32h_any *)p[j], magnitude = codes & 0x7fff;                               \
      most = __builtin_elementwise_max(most, magnitude);                                         \
      /* Zero is no multiple of a last bit: it wraps to the top. */                              \
      least = __builtin_elementwise_min(least, magnitude - 1);                                   \
      FN(floats_##T)(codes, &x, &y);                                                             \
      low += x, high += y;                                                                       \
    }                                                                                            \
    v32h spread = __builtin_elementwise_sub_sat(most, least);                                    \
    v32h beyond = __builtin_elementwise_sub_sat(spread, (v32h){} + (SPREAD)) |                   \
                  __builtin_elementwise_sub_sat(most, (v32h){} + ((LARGE) - 1));                 \
    if (__builtin_expect(__builtin_reduce_or((v8l)beyond) != 0, 0)) {                            \
      return FN(wide_ones_##T)(acc, first, p, m);                                                \
    }                                                                                            \
    FN(order_##T)(&low, &high);                                                                  \
    FN(add_floats)(acc, first, low);                                                             \
    FN(add_floats)(acc + 16, first, high);                                                       \
  }

#define DEFINE_ONES(T, OF)                                                                       \
  BODY void FN(sum_ones_##T)(double *acc, bool first, const uint8_t *const *x, const size_t m,   \
                             size_t n) {                                                         \
    const uint8_t *p[CK_FUSED];                                                                  \
    for (size_t i = 0; i < n; i += 32) {                                                         \
      for (size_t j = 0; j < m; j++) p[j] = x[j] + i * 2;                                        \
      FN(OF##_##T)(acc + i, first, p, m);                                                        \
    }                                                                                            \
  }                                                                                              \
  ENTRY void FN(thirty_twos_##T)(double *acc, bool first, const uint8_t *const *x, size_t m,     \
                                 size_t n) {                                                     \
    if (m == 4 && first) return FN(sum_ones_##T)(acc, true, x, 4, n);                            \
    if (m == 4) return FN(sum_ones_##T)(acc, false, x, 4, n);                                    \
    if (m == 3) return FN(sum_ones_##T)(acc, first, x, 3, n);                                    \
    if (m == 2) return FN(sum_ones_##T)(acc, first, x, 2, n);                                    \
    return FN(sum_ones_##T)(acc, first, x, 1, n);                                                \
  }                                                                                              \
  ENTRY void FN(add_ones_##T)(double *acc, bool first, const uint8_t *const *x, size_t m,        \
                              size_t n) {                                                        \
    size_t whole = n & ~(size_t)31, rest = n - whole;                                            \
    if (whole) FN(thirty_twos_##T)(acc, first, x, m, whole);                                     \
    if (rest == 0) return;                                                                       \
    uint8_t padded[CK_FUSED][64] = {};                                                           \
    const uint8_t *p[CK_FUSED];                                                                  \
    double sums[32] = {};                                                                        \
    for (size_t j = 0; j < m; j++) {                                                             \
      memcpy(padded[j], x[j] + whole * 2, rest * 2);                                             \
      p[j] = padded[j];                                                                          \
    }                                                                                            \
    if (!first) memcpy(sums, acc + whole, rest * sizeof(double));                                \
    FN(thirty_twos_##T)(sums, first, p, m, 32);                                                  \
    memcpy(acc + whole, sums, rest * sizeof(double));                                            \
  }

DEFINE_WIDE_ONES(f16)
DEFINE_WIDE_ONES(bf16)
DEFINE_NARROW_ONES(bf16, 14 << 7, 251 << 7)
DEFINE_ONES(bf16, ones_of)
#if HALF_HARDWARE
DEFINE_NARROW_ONES(f16, 11 << 10, 31 << 10)
DEFINE_ONES(f16, ones_of)
#else
DEFINE_ONES(f16, wide_ones)
#endif
#undef DEFINE_WIDE_ONES
#undef DEFINE_NARROW_ONES
#undef DEFINE_ONES
