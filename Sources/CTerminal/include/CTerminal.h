/// The terminal behind plain types: ncurses for output, signals, and the way back from a crash.
///
/// No curses header is seen outside this target. Everything here belongs to one thread, the one
/// that called `ct_open`, except `ct_wake_raise`, which any thread and any signal handler may call.
#ifndef CTERMINAL_H
#define CTERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Why `ct_open` failed.
enum ct_failure {
  CT_OPENED = 0,
  /// Neither /dev/tty nor standard input and output lead to a terminal.
  CT_NOT_A_TERMINAL,
  /// TERM is unset or empty.
  CT_TERM_UNSET,
  /// The terminal database has no entry for TERM.
  CT_TERM_UNKNOWN,
  /// Terminals of that kind cannot place their cursor.
  CT_TERM_INCAPABLE,
  /// The system refused something; errno says what.
  CT_SYSTEM,
};

/// What the opened terminal can do.
struct ct_screen {
  /// Palette entries that may be asked for; 0 for a terminal without colour.
  int32_t colors;
  /// Colour pairs that may be defined, the first (0) not counted.
  int32_t pairs;
  /// Whether the terminal's own foreground and background can be asked for, as colour −1.
  bool has_default_colors;
  /// Whether the locale can show anything beyond ASCII.
  bool is_utf8;
};

/// Attribute bits of a cell, the same as in `Attributes`.
enum {
  CT_BOLD = 1,
  CT_DIM = 2,
  CT_ITALIC = 4,
  CT_UNDERLINE = 8,
  CT_REVERSE = 16,
};

/// The most scalars that one cell holds.
enum { CT_SCALARS = 5 };

/// One character on the screen.
struct ct_cell {
  /// The scalars drawn over one another; zeros after the last.
  uint32_t scalars[CT_SCALARS];
  /// The colour pair.
  int32_t pair;
  /// Bits from `CT_BOLD` on.
  uint8_t attributes;
  /// The columns it takes: 1 or 2.
  uint8_t width;
};

/// What happened while nobody looked; see `ct_take_signals`.
enum {
  CT_RESIZED = 1,
  /// Somebody asks the program to stop, as ^Z does.
  CT_STOP = 2,
  /// The program goes on after a stop.
  CT_CONTINUED = 4,
  /// The program is asked to end.
  CT_END = 8,
};

/// Which descriptors woke `ct_wait`.
enum {
  CT_INPUT = 1,
  CT_WAKE = 2,
  CT_SIGNAL = 4,
  CT_HANG_UP = 8,
};

// Screen (screen.c)

/// Opens the terminal and takes it over: own screen, raw keys, no cursor.
///
/// - `entry`: a terminal description in the form of the TERMINFO variable (`b64:…`) used instead
///   of the database; NULL for the database's own.
/// - `mouse`: whether the mouse is reported.
int ct_open(const char *entry, bool mouse, struct ct_screen *screen);

/// Gives the terminal back as it was. Does nothing when it is not open.
void ct_close(void);

/// Asks the kernel for the extent of the terminal.
void ct_size(int32_t *columns, int32_t *rows);

/// Tells curses a new extent, and forgets what is on the screen.
void ct_resize(int32_t columns, int32_t rows);

/// Defines a colour pair; −1 is the terminal's own colour.
void ct_define_pair(int32_t pair, int32_t foreground, int32_t background);

/// Puts cells on one row, from a column on; each is followed by the next after its own width.
void ct_put(int32_t row, int32_t column, const struct ct_cell *cells, int32_t count);

/// Sends what was put since the last time in one synchronised update, then places the cursor;
/// a negative row hides it.
void ct_flush(int32_t row, int32_t column);

/// Has the mouse reported from now on, or not.
void ct_set_mouse(bool mouse);

/// Has the next `ct_flush` send every cell.
void ct_repaint(void);

/// Gives the terminal back, stops the process group as ^Z does, and takes it over again.
void ct_suspend(void);

/// Takes the terminal over again after something else has used it.
void ct_resume(void);

/// Writes bytes to the terminal past curses, such as a question or a copy to the clipboard.
void ct_write(const void *bytes, size_t count);

// Capabilities (capabilities.c)

/// What the database says of a terminal, in the order of the compiled form of an entry.
struct ct_capabilities {
  const int8_t *booleans;
  size_t boolean_count;
  const int32_t *numbers;
  size_t number_count;
  /// NULL for absent ones.
  const char *const *strings;
  size_t string_count;
  /// The places of the ones that a caller changes, among numbers and strings.
  size_t colors_at, pairs_at, foreground_at, background_at, change_color_at, set_pair_at;
};

/// Loads the entry of TERM, valid until the next call. False when there is none.
bool ct_load_capabilities(struct ct_capabilities *capabilities);

/// The value of a variable of the environment; NULL when it is not set.
const char *ct_environment(const char *name);

/// The error number that the last failing call left.
int32_t ct_last_error(void);

// Waiting (wait.c)

/// A descriptor that wakes `ct_wait`; −1 if the system gave none.
int32_t ct_wake_open(void);
void ct_wake_close(int32_t wake);
void ct_wake_raise(int32_t wake);
void ct_wake_lower(int32_t wake);

/// Sleeps until the terminal sends something, `wake` is raised, a signal came or the time is over.
///
/// - `wake`: −1 for none.
/// - `nanoseconds`: negative to sleep without end.
/// Returns bits from `CT_INPUT` on; 0 when the time was over.
int ct_wait(int32_t wake, int64_t nanoseconds);

/// Sleeps until `wake` is raised or the time is over, without a terminal.
void ct_wait_wake(int32_t wake, int64_t nanoseconds);

/// Reads what the terminal has sent: the number of bytes, 0 for none, −1 when it is gone.
int64_t ct_read(uint8_t *bytes, size_t capacity);

// Signals and crashes (rescue.c)

/// The signals that came since the last call, as bits from `CT_RESIZED` on.
int ct_take_signals(void);

/// The signal that asked the program to end; 0 if none did.
int ct_ending_signal(void);

/// Sends standard error into a file while the screen is up, unless it leads elsewhere already.
void ct_capture_errors(const char *path);

/// Ends the capture: the last bytes that were written, at most `capacity`; their number.
size_t ct_release_errors(char *tail, size_t capacity);

#endif
