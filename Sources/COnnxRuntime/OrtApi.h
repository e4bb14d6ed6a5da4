// The few entries of ONNX Runtime's function table that are called, by position.
//
// The table only ever grows at its end, so a position holds for every release that knows the
// requested version. Positions and signatures were checked against the declaration order of
// `struct OrtApi` in onnxruntime_c_api.h.
#ifndef STOCKPOT_ORT_API_H
#define STOCKPOT_ORT_API_H

#include <stddef.h>
#include <stdint.h>

/// The version of the table that is asked for: ONNX Runtime 1.18 and later have it.
enum { ORT_TABLE_VERSION = 18 };

typedef struct {
  const void *const *(*get_api)(uint32_t version);
  const char *(*get_version_string)(void);
} ort_base;

/// Objects of ONNX Runtime: only ever pointed to.
typedef void ort_object;
typedef ort_object ort_status;
typedef void (*ort_logger)(void *, int, const char *, const char *, const char *, const char *);

#define ORT_ENTRIES(X) \
  X(2, const char *, get_error_message, (const ort_status *)) \
  X(4, ort_status *, create_env_with_custom_logger, \
    (ort_logger, void *, int, const char *, ort_object **)) \
  X(8, ort_status *, create_session_from_array, \
    (const ort_object *, const void *, size_t, const ort_object *, ort_object **)) \
  X(10, ort_status *, create_session_options, (ort_object **)) \
  X(22, ort_status *, set_session_log_severity_level, (ort_object *, int)) \
  X(23, ort_status *, set_graph_optimization_level, (ort_object *, int)) \
  X(24, ort_status *, set_intra_op_threads, (ort_object *, int)) \
  X(25, ort_status *, set_inter_op_threads, (ort_object *, int)) \
  X(39, ort_status *, create_run_options, (ort_object **)) \
  X(46, ort_status *, run_options_set_terminate, (ort_object *)) \
  X(49, ort_status *, create_tensor_with_data, \
    (const ort_object *, void *, size_t, const int64_t *, size_t, int, ort_object **)) \
  X(51, ort_status *, get_tensor_mutable_data, (ort_object *, void **)) \
  X(60, ort_status *, get_tensor_element_type, (const ort_object *, int *)) \
  X(61, ort_status *, get_dimensions_count, (const ort_object *, size_t *)) \
  X(62, ort_status *, get_dimensions, (const ort_object *, int64_t *, size_t)) \
  X(65, ort_status *, get_tensor_type_and_shape, (const ort_object *, ort_object **)) \
  X(69, ort_status *, create_cpu_memory_info, (int, int, ort_object **)) \
  X(76, ort_status *, allocator_free, (ort_object *, void *)) \
  X(78, ort_status *, get_default_allocator, (ort_object **)) \
  X(93, void, release_status, (ort_object *)) \
  X(94, void, release_memory_info, (ort_object *)) \
  X(95, void, release_session, (ort_object *)) \
  X(96, void, release_value, (ort_object *)) \
  X(97, void, release_run_options, (ort_object *)) \
  X(99, void, release_type_and_shape, (ort_object *)) \
  X(100, void, release_session_options, (ort_object *)) \
  X(125, ort_status *, get_available_providers, (char ***, int *)) \
  X(126, ort_status *, release_available_providers, (char **, int)) \
  X(130, ort_status *, add_session_config_entry, (ort_object *, const char *, const char *)) \
  X(133, ort_status *, run_with_binding, (ort_object *, const ort_object *, const ort_object *)) \
  X(134, ort_status *, create_io_binding, (ort_object *, ort_object **)) \
  X(135, void, release_io_binding, (ort_object *)) \
  X(136, ort_status *, bind_input, (ort_object *, const char *, const ort_object *)) \
  X(138, ort_status *, bind_output_to_device, (ort_object *, const char *, const ort_object *)) \
  X(140, ort_status *, get_bound_output_values, \
    (const ort_object *, ort_object *, ort_object ***, size_t *)) \
  X(144, ort_status *, create_and_register_allocator, \
    (ort_object *, const ort_object *, const ort_object *)) \
  X(204, ort_status *, append_cuda_provider, (ort_object *, const ort_object *)) \
  X(205, ort_status *, create_cuda_options, (ort_object **)) \
  X(208, void, release_cuda_options, (ort_object *)) \
  X(210, ort_status *, add_external_initializers, \
    (ort_object *, const char *const *, const ort_object *const *, size_t)) \
  X(216, ort_status *, append_provider, \
    (ort_object *, const char *, const char *const *, const char *const *, size_t))

#define ORT_FIELD(position, result, name, parameters) result(*name) parameters;
typedef struct {
  ORT_ENTRIES(ORT_FIELD)
} ort_api;
#undef ORT_FIELD

#endif
