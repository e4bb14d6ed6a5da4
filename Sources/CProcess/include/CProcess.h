#ifndef STOCKPOT_CPROCESS_H
#define STOCKPOT_CPROCESS_H

#include <stddef.h>
#include <sys/types.h>

/// Starts a program in a process group of its own, with default signals, /dev/null as its input and no
/// other open files than those named.
///
/// `words` (the program's path first) and `environment` end with NULL. `output` becomes its standard
/// output and error, `descriptors` its 3, 4, ... Returns 0 and sets `pid`, or an errno.
int process_spawn(
    char *const words[], char *const environment[], int output, const int *descriptors,
    size_t count, pid_t *pid);

/// Memory that has a descriptor but no name, closed on exec. Returns -1 with errno set when there is
/// none.
int shared_memory_create(const char *label);

/// Has this thread interrupted at once by any that wakes for a person, and run for longer at a time
/// in return. Where the system knows no such thing, nothing changes.
void thread_give_way(void);

/// Ends this process with `text` on standard error and the code 1 when it reads a mapped file that was
/// cut short meanwhile, or whose disk fails: nobody who reads a mapping can see to that before.
///
/// At most 512 bytes of `text`. For programs: a library leaves signals to them.
void process_explain_bus_error(const char *text);

/// Has every block of memory of so many bytes or more go back to the system when it is freed. Where
/// the C library knows no such thing, nothing changes.
void memory_return_blocks(int least);

#endif
