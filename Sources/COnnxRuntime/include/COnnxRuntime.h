// ONNX Runtime behind plain C: opened with dlopen at run time, none of its types shown.
//
// Every function that can fail returns NULL on success and otherwise a message that the caller
// frees with `onnx_free`. Nothing is ever printed: what ONNX Runtime logs is dropped.
#ifndef STOCKPOT_C_ONNX_RUNTIME_H
#define STOCKPOT_C_ONNX_RUNTIME_H

#include <stddef.h>
#include <stdint.h>

/// An opened library with its one environment. Never closed.
typedef struct onnx_library onnx_library;
/// A model ready to run.
typedef struct onnx_session onnx_session;
/// Inputs and the output of runs of one session; one thread at a time.
typedef struct onnx_binding onnx_binding;
/// Lets runs that use it be stopped from another thread.
typedef struct onnx_stopper onnx_stopper;

/// A named tensor in the caller's memory, row-major. `type` numbers are those of TensorProto.
typedef struct onnx_tensor {
  const char *_Nonnull name;
  int32_t type;
  const int64_t *_Nullable shape;
  size_t rank;
  void *_Nullable data;
  size_t bytes;
} onnx_tensor;

/// How a session is made.
typedef struct onnx_settings {
  /// Threads of one run.
  int32_t threads;
  /// `CUDAExecutionProvider` and the like; NULL for the CPU.
  const char *_Nullable provider;
} onnx_settings;

/// An output, valid until the binding runs again or is freed.
typedef struct onnx_output {
  int32_t type;
  size_t rank;
  int64_t shape[8];
  const void *_Nullable data;
} onnx_output;

/// Frees a message. NULL is allowed.
void onnx_free(char *_Nullable message);

/// Opens the library at `path` (or by name through the loader's path) and makes its environment.
char *_Nullable onnx_open(const char *_Nonnull path, onnx_library *_Nullable *_Nonnull out);

/// The library's version, such as `1.32.0`.
const char *_Nonnull onnx_version(const onnx_library *_Nonnull library);

/// The file that the library was opened from; NULL when the loader does not say.
const char *_Nullable onnx_file(const onnx_library *_Nonnull library);

/// The execution providers compiled into the library, joined with commas; freed with `onnx_free`.
char *_Nullable onnx_providers(
    const onnx_library *_Nonnull library, char *_Nullable *_Nonnull out);

/// Makes a session of a serialised model.
///
/// `weights` replace the values of external initializers of those names before the graph is
/// optimised; their memory is only read during the call.
char *_Nullable onnx_session_create(
    const onnx_library *_Nonnull library, const void *_Nonnull model, size_t length,
    onnx_settings settings, const onnx_tensor *_Nullable weights, size_t count,
    onnx_session *_Nullable *_Nonnull out);
void onnx_session_free(onnx_session *_Nullable session);

/// Makes a binding of `session` whose single output is called `output`.
char *_Nullable onnx_binding_create(
    onnx_session *_Nonnull session, const char *_Nonnull output,
    onnx_binding *_Nullable *_Nonnull out);
/// Binds an input. On the CPU its memory is read by every later run and must outlive them.
char *_Nullable onnx_binding_set(onnx_binding *_Nonnull binding, onnx_tensor input);
/// Runs the session on what is bound.
char *_Nullable onnx_binding_run(
    onnx_binding *_Nonnull binding, const onnx_stopper *_Nonnull stopper,
    onnx_output *_Nonnull output);
void onnx_binding_free(onnx_binding *_Nullable binding);

char *_Nullable onnx_stopper_create(
    const onnx_library *_Nonnull library, onnx_stopper *_Nullable *_Nonnull out);
/// Makes runs under way and later ones return an error soon. Any thread.
void onnx_stopper_stop(onnx_stopper *_Nonnull stopper);
void onnx_stopper_free(onnx_stopper *_Nullable stopper);

#endif
