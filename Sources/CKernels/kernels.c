#include "vectors.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// A fused multiply-add rounds once where a product and a sum round twice: results would depend on
// the processor.
#pragma STDC FP_CONTRACT OFF

// Functions that take or return vectors are always inlined: no calling convention changes.
#pragma clang diagnostic ignored "-Wpsabi"

#define FN(name) portable_##name
#define TARGET
#define HALF_HARDWARE 0
#include "kernel_bodies.h"
#undef FN
#undef TARGET
#undef HALF_HARDWARE

#if defined(__x86_64__)
#define FN(name) avx2_##name
#define TARGET __attribute__((target("avx2,f16c")))
#define HALF_HARDWARE 1
#include "kernel_bodies.h"
#undef FN
#undef TARGET

#define FN(name) avx512_##name
#define TARGET \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,f16c")))
#include "kernel_bodies.h"
#undef FN
#undef TARGET
#undef HALF_HARDWARE
#endif

bool ck_supports(ck_path path) {
#if defined(__x86_64__)
  bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
  if (path == CK_AVX2) return avx2;
  if (path == CK_AVX512) {
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  }
#endif
  return path == CK_BEST || path == CK_PORTABLE;
}

static const ck_kernels *kernels_for(ck_path path) {
#if defined(__x86_64__)
  if ((path == CK_BEST || path == CK_AVX512) && ck_supports(CK_AVX512)) return &avx512_kernels;
  if ((path == CK_BEST || path == CK_AVX2) && ck_supports(CK_AVX2)) return &avx2_kernels;
#endif
  return &portable_kernels;
}

static const size_t sizes[CK_DTYPES] = {4, 2, 2, 8, 1, 1};

/// Elements whose sums stay in the first-level cache (2 KiB) while streams are added to them.
enum { BLOCK = 256 };

static bool are_ones(const double *weights, size_t count) {
  for (size_t j = 0; j < count; j++) {
    if (weights[j] != 1) return false;
  }
  return true;
}

static void finish_streaming(void) {
#if defined(__x86_64__)
  _mm_sfence();
#endif
}

bool ck_average(const ck_stream *streams, size_t count, double divisor, size_t n,
                ck_dtype rounding, ck_dtype out_dtype, void *out, ck_writing writing, ck_path path) {
  const ck_kernels *kernels = kernels_for(path);
  // All blocks start at a line when the first does.
  const bool streamed = writing == CK_STREAMED && (uintptr_t)out % CK_LINE == 0;
  _Alignas(64) double sums[BLOCK];
  uint8_t rounded[BLOCK * sizeof(double)];
  // The reciprocal of a power of two is exact, and a product costs less than a division.
  int exponent;
  const bool is_power = frexp(divisor, &exponent) == 0.5;
  const double scale = is_power ? 1 / divisor : 1;
  bool bad = false;
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t length = n - start < BLOCK ? n - start : BLOCK;
    for (size_t first = 0; first < count;) {
      ck_dtype dtype = streams[first].dtype;
      const uint8_t *x[CK_FUSED];
      double w[CK_FUSED];
      size_t m = 0;
      for (; m < CK_FUSED && first + m < count && streams[first + m].dtype == dtype; m++) {
        x[m] = (const uint8_t *)streams[first + m].data + start * sizes[dtype];
        w[m] = streams[first + m].weight;
      }
      if (kernels->add_ones[dtype] && are_ones(w, m)) {
        kernels->add_ones[dtype](sums, first == 0, x, m, length);
      } else {
        kernels->accumulate[dtype](sums, first == 0, x, w, m, length);
      }
      first += m;
    }
    if (!is_power) kernels->divide(sums, divisor, length);
    if (rounding != out_dtype) {
      const uint8_t *x = rounded;
      const double one = 1;
      bad |= kernels->store[rounding](sums, scale, length, rounded);
      kernels->accumulate[rounding](sums, true, &x, &one, 1, length);
    }
    uint8_t *here = (uint8_t *)out + start * sizes[out_dtype];
    const double last = rounding == out_dtype ? scale : 1;
    bad |= (streamed ? kernels->stream : kernels->store)[out_dtype](sums, last, length, here);
  }
  // Whoever is told of the result, on whatever processor, must find it.
  if (streamed) finish_streaming();
  return bad;
}

void ck_accumulate(double *sums, ck_stream stream, size_t n, ck_path path) {
  const uint8_t *x = stream.data;
  kernels_for(path)->accumulate[stream.dtype](sums, false, &x, &stream.weight, 1, n);
}

bool ck_store(const double *sums, double scale, size_t n, ck_dtype dtype, void *out,
              ck_path path) {
  return kernels_for(path)->store[dtype](sums, scale, n, out);
}

bool ck_has_nonfinite(const void *data, ck_dtype dtype, size_t n, ck_path path) {
  const ck_kernels *kernels = kernels_for(path);
  double sums[BLOCK];
  uint8_t discarded[BLOCK * sizeof(double)];
  const double one = 1;
  for (size_t start = 0; start < n; start += BLOCK) {
    size_t length = n - start < BLOCK ? n - start : BLOCK;
    const uint8_t *x = (const uint8_t *)data + start * sizes[dtype];
    kernels->accumulate[dtype](sums, true, &x, &one, 1, length);
    if (kernels->store[CK_F64](sums, 1, length, discarded)) return true;
  }
  return false;
}

/// Elements of a block of dot products; `count` blocks of them should fit the second-level cache.
enum { DOT_BLOCK = 256 };

/// Reads elements as f64 and pads with zeros to a multiple of eight; returns the padded length.
static size_t widen(const ck_kernels *kernels, const void *data, ck_dtype dtype, size_t start,
                    size_t length, double *values) {
  const uint8_t *x = (const uint8_t *)data + start * sizes[dtype];
  const double one = 1;
  kernels->accumulate[dtype](values, true, &x, &one, 1, length);
  size_t padded = (length + 7) & ~(size_t)7;
  for (size_t i = length; i < padded; i++) values[i] = 0;
  return padded;
}

ck_relation ck_relate(const void *x, ck_dtype x_dtype, const void *y, ck_dtype y_dtype, size_t n,
                      ck_path path) {
  const ck_kernels *kernels = kernels_for(path);
  _Alignas(64) double a[DOT_BLOCK], b[DOT_BLOCK];
  ck_relation total = {};
  for (size_t start = 0; start < n; start += DOT_BLOCK) {
    size_t length = n - start < DOT_BLOCK ? n - start : DOT_BLOCK;
    size_t padded = widen(kernels, x, x_dtype, start, length, a);
    widen(kernels, y, y_dtype, start, length, b);
    ck_relation part = kernels->relate(a, b, padded);
    total.difference += part.difference;
    total.xx += part.xx;
    total.yy += part.yy;
    total.xy += part.xy;
  }
  return total;
}

size_t ck_gram_scratch(size_t count) { return (count + 1) * DOT_BLOCK; }

void ck_gram(const ck_stream *streams, size_t count, ck_stream origin, size_t n, double *scratch,
             double *gram, ck_path path) {
  const ck_kernels *kernels = kernels_for(path);
  double *zero = scratch + count * DOT_BLOCK;
  for (size_t start = 0; start < n; start += DOT_BLOCK) {
    size_t length = n - start < DOT_BLOCK ? n - start : DOT_BLOCK, padded = 0;
    if (origin.data) widen(kernels, origin.data, origin.dtype, start, length, zero);
    for (size_t i = 0; i < count; i++) {
      double *row = scratch + i * DOT_BLOCK;
      padded = widen(kernels, streams[i].data, streams[i].dtype, start, length, row);
      if (origin.data) kernels->subtract(row, zero, padded);
    }
    kernels->dots(scratch, DOT_BLOCK, count, padded, gram);
  }
}

static inline uint64_t mix(uint64_t lane, uint64_t word) {
  lane = (lane ^ word) * 0x9e3779b97f4a7c15ull;
  return lane ^ lane >> 29;
}

void ck_fingerprint_add(ck_fingerprint *state, const void *data, size_t bytes) {
  const uint8_t *p = data;
  uint64_t lanes[4], words[4];
  memcpy(lanes, state->lanes, sizeof lanes);
  size_t i = 0;
  for (; i + 32 <= bytes; i += 32) {
    memcpy(words, p + i, 32);
    for (int j = 0; j < 4; j++) lanes[j] = mix(lanes[j], words[j] + (uint64_t)j);
  }
  memset(words, 0, sizeof words);
  if (i < bytes) memcpy(words, p + i, bytes - i);
  for (int j = 0; j < 4; j++) lanes[j] = mix(lanes[j], words[j]);
  // Each lane is told the length and its neighbour, so that no lane stands for a quarter alone.
  for (int j = 0; j < 8; j++) lanes[j % 4] = mix(lanes[j % 4], lanes[(j + 1) % 4] + bytes);
  memcpy(state->lanes, lanes, sizeof lanes);
}

uint64_t ck_sum(const void *data, size_t bytes) {
  return kernels_for(CK_BEST)->sum_words(data, bytes);
}
