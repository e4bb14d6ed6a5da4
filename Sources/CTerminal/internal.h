/// What the files of this target share.
#ifndef CTERMINAL_INTERNAL_H
#define CTERMINAL_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The descriptor of the open terminal; −1 while none is open.
extern int ct_tty;
/// The descriptor that signals raise.
extern int ct_signal_wake;

/// Remembers how the terminal was and what brings it back, and watches for the end of the program.
/// `leave` is written as it is; it is copied.
void ct_guard(int tty, const char *leave, size_t length);

/// Stops watching.
void ct_unguard(void);

/// Whether the terminal is taken over at present, so that a crash has something to restore.
void ct_guard_active(bool active);

/// Writes everything, whatever interrupts. Fit for signal handlers.
void ct_write_all(int descriptor, const char *bytes, size_t count);

/// Lets the default action of SIGTSTP stop this thread's process, and catches it again after.
void ct_stop_process(void);

/// A string capability of the terminal in use; NULL when it has none of that name.
const char *ct_capability(const char *name);

#endif
