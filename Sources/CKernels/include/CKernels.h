/// Arithmetic on tensors' bytes: weighted sums, conversions, dot products, fingerprints.
///
/// Every kernel is one body compiled for each instruction set and chosen when it runs. No product
/// is fused with a sum, so that all paths, and all ways of cutting a tensor into pieces, give the
/// same bits. Pointers need no alignment. Elements are little-endian.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Element types that arithmetic is done on.
typedef enum {
  CK_F32 = 0,
  CK_F16,
  CK_BF16,
  CK_F64,
  CK_F8E4M3,
  CK_F8E5M2,
} ck_dtype;

enum { CK_DTYPES = 6 };

/// Which instructions a kernel uses; `CK_BEST` is the best that this processor has.
typedef enum {
  CK_BEST = 0,
  CK_PORTABLE,
  CK_AVX2,
  CK_AVX512,
} ck_path;

/// How results are written: through the caches, or past them, which spares reading the lines that
/// are overwritten. That pays for results larger than the caches, at multiples of 64 bytes; others
/// are written through.
typedef enum {
  CK_CACHED = 0,
  CK_STREAMED,
} ck_writing;

/// Whether this processor can run a path.
bool ck_supports(ck_path path);

/// One input of a weighted sum.
typedef struct {
  const void *data;
  double weight;
  ck_dtype dtype;
} ck_stream;

/// Writes `out[i] = round(Σ weight_j · x_j[i] / divisor)`, summed in f64 in the order of the streams.
///
/// Whole weights and a divisor make means exact where the reciprocal of their number is not. The sum
/// is rounded to nearest, ties to even, once: to `rounding`, whose values `out_dtype` must hold
/// exactly when the two differ. `count` is at least one. Streams of 16-bit floats with weights of one
/// are summed in groups of four, which then are; the other sums follow the streams one by one.
/// Returns whether an element came out infinite or NaN.
bool ck_average(const ck_stream *streams, size_t count, double divisor, size_t n,
                ck_dtype rounding, ck_dtype out_dtype, void *out, ck_writing writing, ck_path path);

/// Adds `weight · x[i]` to each of `n` sums.
void ck_accumulate(double *sums, ck_stream stream, size_t n, ck_path path);

/// Writes `out[i] = round(scale · sums[i])`; returns whether an element is infinite or NaN.
bool ck_store(const double *sums, double scale, size_t n, ck_dtype dtype, void *out, ck_path path);

/// Whether an element is infinite or NaN.
bool ck_has_nonfinite(const void *data, ck_dtype dtype, size_t n, ck_path path);

/// Sums over elements, in f64, of how `x` stands to `y`.
typedef struct {
  double difference;  ///< Σ (x − y)²
  double xx;          ///< Σ x²
  double yy;          ///< Σ y²
  double xy;          ///< Σ x·y
} ck_relation;

ck_relation ck_relate(const void *x, ck_dtype x_dtype, const void *y, ck_dtype y_dtype, size_t n,
                      ck_path path);

/// Doubles of scratch that `ck_gram` needs for `count` streams.
size_t ck_gram_scratch(size_t count);

/// Adds `Σ (x_i − origin)·(x_j − origin)` to `gram[i · count + j]` for every `i >= j`.
///
/// `origin.data` may be NULL, which stands for zero. Weights are not used.
void ck_gram(const ck_stream *streams, size_t count, ck_stream origin, size_t n, double *scratch,
             double *gram, ck_path path);

/// State of a fingerprint: 256 bits, not cryptographic. Starts as zeros.
typedef struct {
  uint64_t lanes[4];
} ck_fingerprint;

/// Mixes `bytes` bytes into the state; the cuts between calls count.
void ck_fingerprint_add(ck_fingerprint *state, const void *data, size_t bytes);

/// The plain sum of 64-bit words (and of the bytes that remain): the cost of reading, for benchmarks.
uint64_t ck_sum(const void *data, size_t bytes);

#endif
