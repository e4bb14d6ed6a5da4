#ifndef STOCKPOT_CDEMOSWEEP_H
#define STOCKPOT_CDEMOSWEEP_H

#include <stddef.h>

/// How many files the demo sweep has. Indices of the functions below are less than this.
size_t demo_sweep_file_count(void);

/// The file's path within the sweep's folder, with "/" between components.
const char *demo_sweep_file_path(size_t index);

/// The file's content, which lives as long as the program.
const unsigned char *demo_sweep_file_bytes(size_t index);

/// Bytes of the file's content.
size_t demo_sweep_file_length(size_t index);

#endif
