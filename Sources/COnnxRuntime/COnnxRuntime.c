#define _GNU_SOURCE
#include "COnnxRuntime.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "OrtApi.h"

enum { SEVERITY_FATAL = 4, ALL_OPTIMISATIONS = 99, ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0 };

struct onnx_library {
  ort_api api;
  ort_object *environment;
  ort_object *memory;
  ort_object *allocator;
  const char *version;
  const char *file;
};

struct onnx_session {
  const onnx_library *library;
  ort_object *session;
};

struct onnx_binding {
  const onnx_library *library;
  ort_object *session;
  ort_object *binding;
  ort_object *value;
  char *output;
};

struct onnx_stopper {
  const onnx_library *library;
  ort_object *options;
};

void onnx_free(char *message) { free(message); }

static char *copied(const char *text) {
  char *copy = strdup(text != NULL ? text : "");
  // Out of memory must still read as a failure, and `free` must accept it.
  return copy != NULL ? copy : calloc(1, 1);
}

static char *taken(const ort_api *api, ort_status *status) {
  if (status == NULL) return NULL;
  char *message = copied(api->get_error_message(status));
  api->release_status(status);
  return message;
}

static void dropped(
    void *context, int severity, const char *category, const char *id, const char *where,
    const char *message) {
  (void)context, (void)severity, (void)category, (void)id, (void)where, (void)message;
}

static void ignored(const ort_api *api, ort_status *status) {
  if (status != NULL) api->release_status(status);
}

static char *environment(onnx_library *library) {
  const ort_api *api = &library->api;
  char *error = taken(
      api, api->create_env_with_custom_logger(
               dropped, NULL, SEVERITY_FATAL, "stockpot", &library->environment));
  if (error == NULL)
    error = taken(
        api, api->create_cpu_memory_info(ARENA_ALLOCATOR, DEFAULT_MEMORY, &library->memory));
  if (error == NULL) error = taken(api, api->get_default_allocator(&library->allocator));
  // One arena for all sessions: without it the first run of each new session pays for fresh pages.
  if (error == NULL)
    error = taken(
        api, api->create_and_register_allocator(library->environment, library->memory, NULL));
  return error;
}

char *onnx_open(const char *path, onnx_library **out) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL) return copied(dlerror());
  const ort_base *(*get_base)(void);
  void *symbol = dlsym(handle, "OrtGetApiBase");
  if (symbol == NULL) {
    dlclose(handle);
    return copied("it has no function OrtGetApiBase, so it is not ONNX Runtime");
  }
  memcpy(&get_base, &symbol, sizeof symbol);
  const ort_base *base = get_base();
  const char *version = base->get_version_string();
  const void *const *table = base->get_api(ORT_TABLE_VERSION);
  if (table == NULL) {
    char text[160];
    snprintf(text, sizeof text, "its version is %.40s, and at least 1.18 is needed", version);
    dlclose(handle);
    return copied(text);
  }
  onnx_library *library = calloc(1, sizeof *library);
  if (library == NULL) return copied("out of memory");
#define ORT_LOAD(position, result, name, parameters) \
  memcpy(&library->api.name, &table[position], sizeof table[position]);
  ORT_ENTRIES(ORT_LOAD)
#undef ORT_LOAD
  library->version = version;
  Dl_info info;
  library->file = dladdr(symbol, &info) != 0 ? info.dli_fname : NULL;
  char *error = environment(library);
  // The library itself stays open: its threads may still be about.
  if (error != NULL) free(library);
  else *out = library;
  return error;
}

const char *onnx_version(const onnx_library *library) { return library->version; }

const char *onnx_file(const onnx_library *library) { return library->file; }

char *onnx_providers(const onnx_library *library, char **out) {
  char **names = NULL;
  int count = 0;
  const ort_api *api = &library->api;
  char *error = taken(api, api->get_available_providers(&names, &count));
  if (error != NULL) return error;
  size_t length = 1;
  for (int i = 0; i < count; i++) length += strlen(names[i]) + 1;
  char *joined = calloc(length, 1);
  if (joined == NULL) error = copied("out of memory");
  for (int i = 0; error == NULL && i < count; i++) {
    if (i > 0) strcat(joined, ",");
    strcat(joined, names[i]);
  }
  ignored(api, api->release_available_providers(names, count));
  if (error == NULL) *out = joined;
  return error;
}

static char *value_of(const onnx_library *library, onnx_tensor tensor, ort_object **out) {
  // A tensor without elements may come without memory, which ONNX Runtime refuses.
  static char none;
  void *data = tensor.data != NULL ? tensor.data : &none;
  const ort_api *api = &library->api;
  return taken(
      api, api->create_tensor_with_data(
               library->memory, data, tensor.bytes, tensor.shape, tensor.rank, tensor.type, out));
}

static char *configure(const onnx_library *library, onnx_settings settings, ort_object *options) {
  const ort_api *api = &library->api;
  char *error = taken(api, api->set_graph_optimization_level(options, ALL_OPTIMISATIONS));
  if (error == NULL)
    error = taken(api, api->set_session_log_severity_level(options, SEVERITY_FATAL));
  if (error == NULL) error = taken(api, api->set_intra_op_threads(options, settings.threads));
  if (error == NULL) error = taken(api, api->set_inter_op_threads(options, 1));
  static const char *const entries[][2] = {
      {"session.use_env_allocators", "1"},
      // Spinning threads take the cores of whatever else runs, and of other sessions.
      {"session.intra_op.allow_spinning", "0"},
      {"session.inter_op.allow_spinning", "0"},
  };
  for (size_t i = 0; error == NULL && i < sizeof entries / sizeof entries[0]; i++)
    error = taken(api, api->add_session_config_entry(options, entries[i][0], entries[i][1]));
  if (error != NULL || settings.provider == NULL) return error;
  if (strcmp(settings.provider, "CUDAExecutionProvider") == 0) {
    ort_object *cuda = NULL;
    error = taken(api, api->create_cuda_options(&cuda));
    if (error == NULL) error = taken(api, api->append_cuda_provider(options, cuda));
    if (cuda != NULL) api->release_cuda_options(cuda);
    return error;
  }
  // The generic call wants the name without its common ending.
  char name[64];
  snprintf(name, sizeof name, "%s", settings.provider);
  char *ending = strstr(name, "ExecutionProvider");
  if (ending != NULL) *ending = 0;
  return taken(api, api->append_provider(options, name, NULL, NULL, 0));
}

static char *replace(
    const onnx_library *library, ort_object *options, const onnx_tensor *weights, size_t count,
    ort_object **values) {
  const ort_api *api = &library->api;
  const char **names = calloc(count, sizeof *names);
  if (names == NULL) return copied("out of memory");
  char *error = NULL;
  for (size_t i = 0; error == NULL && i < count; i++) {
    names[i] = weights[i].name;
    error = value_of(library, weights[i], &values[i]);
  }
  if (error == NULL)
    error = taken(
        api, api->add_external_initializers(
                 options, names, (const ort_object *const *)values, count));
  free(names);
  return error;
}

char *onnx_session_create(
    const onnx_library *library, const void *model, size_t length, onnx_settings settings,
    const onnx_tensor *weights, size_t count, onnx_session **out) {
  const ort_api *api = &library->api;
  ort_object *options = NULL;
  onnx_session *session = calloc(1, sizeof *session);
  ort_object **values = calloc(count + 1, sizeof *values);
  char *error = session == NULL || values == NULL ? copied("out of memory") : NULL;
  if (error == NULL) error = taken(api, api->create_session_options(&options));
  if (error == NULL) error = configure(library, settings, options);
  if (error == NULL && count > 0) error = replace(library, options, weights, count, values);
  if (error == NULL) {
    session->library = library;
    error = taken(
        api, api->create_session_from_array(
                 library->environment, model, length, options, &session->session));
  }
  // The session has copied the values by now.
  for (size_t i = 0; values != NULL && i < count; i++)
    if (values[i] != NULL) api->release_value(values[i]);
  if (options != NULL) api->release_session_options(options);
  free(values);
  if (error == NULL) *out = session;
  else free(session);
  return error;
}

void onnx_session_free(onnx_session *session) {
  if (session == NULL) return;
  session->library->api.release_session(session->session);
  free(session);
}

char *onnx_binding_create(onnx_session *session, const char *output, onnx_binding **out) {
  const onnx_library *library = session->library;
  const ort_api *api = &library->api;
  onnx_binding *binding = calloc(1, sizeof *binding);
  if (binding == NULL) return copied("out of memory");
  binding->library = library;
  binding->session = session->session;
  binding->output = strdup(output);
  char *error = binding->output == NULL ? copied("out of memory") : NULL;
  if (error == NULL)
    error = taken(api, api->create_io_binding(session->session, &binding->binding));
  if (error == NULL) *out = binding;
  else onnx_binding_free(binding);
  return error;
}

char *onnx_binding_set(onnx_binding *binding, onnx_tensor input) {
  const ort_api *api = &binding->library->api;
  ort_object *value = NULL;
  char *error = value_of(binding->library, input, &value);
  if (error == NULL) error = taken(api, api->bind_input(binding->binding, input.name, value));
  // The binding holds its own reference.
  if (value != NULL) api->release_value(value);
  return error;
}

static char *described(const ort_api *api, ort_object *value, onnx_output *output) {
  ort_object *info = NULL;
  void *data = NULL;
  int type = 0;
  char *error = taken(api, api->get_tensor_type_and_shape(value, &info));
  if (error == NULL) error = taken(api, api->get_tensor_element_type(info, &type));
  if (error == NULL) error = taken(api, api->get_dimensions_count(info, &output->rank));
  if (error == NULL && output->rank > sizeof output->shape / sizeof output->shape[0])
    error = copied("the output has more than 8 dimensions");
  if (error == NULL) error = taken(api, api->get_dimensions(info, output->shape, output->rank));
  if (error == NULL) error = taken(api, api->get_tensor_mutable_data(value, &data));
  output->type = type;
  output->data = data;
  if (info != NULL) api->release_type_and_shape(info);
  return error;
}

char *onnx_binding_run(
    onnx_binding *binding, const onnx_stopper *stopper, onnx_output *output) {
  const ort_api *api = &binding->library->api;
  if (binding->value != NULL) api->release_value(binding->value);
  binding->value = NULL;
  // Bound anew each time: a binding keeps the last output, whose batch may have been larger.
  char *error = taken(
      api,
      api->bind_output_to_device(binding->binding, binding->output, binding->library->memory));
  if (error != NULL) return error;
  error = taken(
      api, api->run_with_binding(binding->session, stopper->options, binding->binding));
  if (error != NULL) return error;
  ort_object **values = NULL;
  size_t count = 0;
  ort_object *allocator = binding->library->allocator;
  error = taken(api, api->get_bound_output_values(binding->binding, allocator, &values, &count));
  if (error != NULL) return error;
  for (size_t i = 1; i < count; i++) api->release_value(values[i]);
  if (count > 0) binding->value = values[0];
  if (values != NULL) ignored(api, api->allocator_free(allocator, values));
  if (binding->value == NULL) return copied("the run gave no output");
  return described(api, binding->value, output);
}

void onnx_binding_free(onnx_binding *binding) {
  if (binding == NULL) return;
  const ort_api *api = &binding->library->api;
  if (binding->value != NULL) api->release_value(binding->value);
  if (binding->binding != NULL) api->release_io_binding(binding->binding);
  free(binding->output);
  free(binding);
}

char *onnx_stopper_create(const onnx_library *library, onnx_stopper **out) {
  onnx_stopper *stopper = calloc(1, sizeof *stopper);
  if (stopper == NULL) return copied("out of memory");
  stopper->library = library;
  char *error = taken(&library->api, library->api.create_run_options(&stopper->options));
  if (error == NULL) *out = stopper;
  else free(stopper);
  return error;
}

void onnx_stopper_stop(onnx_stopper *stopper) {
  ignored(&stopper->library->api, stopper->library->api.run_options_set_terminate(stopper->options));
}

void onnx_stopper_free(onnx_stopper *stopper) {
  if (stopper == NULL) return;
  stopper->library->api.release_run_options(stopper->options);
  free(stopper);
}
