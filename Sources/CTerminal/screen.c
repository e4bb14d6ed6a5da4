#include "CTerminal.h"
#include "internal.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

int ct_tty = -1;

static SCREEN *screen_in_use = NULL;
static FILE *output = NULL;
static FILE *input = NULL;
static bool reports_mouse = false;
/// Memory in which a frame is gathered; −1 where there is none, and frames go out as curses sends
/// them.
static int frame = -1;

static const char paste_and_focus_on[] = "\033[?2004h\033[?1004h\033[?2031h";
static const char mouse_on[] = "\033[?1000h\033[?1002h\033[?1006h";
#define MOUSE_OFF "\033[?1006l\033[?1002l\033[?1000l"
static const char mouse_off[] = MOUSE_OFF;
static const char modes_off[] =
    "\033[?2026l\033[?2031l" MOUSE_OFF "\033[?1004l\033[?2004l";

static bool choose_locale(void) {
  setlocale(LC_ALL, "");
  if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0) setlocale(LC_CTYPE, "C.UTF-8");
  // Numbers are read and printed with a point, whatever the user's language.
  setlocale(LC_NUMERIC, "C");
  return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static int open_tty(void) {
  int tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (tty >= 0) return tty;
  for (int candidate = 0; candidate <= 2; candidate++) {
    int flags = fcntl(candidate, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDWR && isatty(candidate)) {
      return fcntl(candidate, F_DUPFD_CLOEXEC, 3);
    }
  }
  return -1;
}

/// Appends a capability without its padding (`$<5>`), as far as there is room.
static size_t append_capability(char *text, size_t length, size_t capacity, const char *name) {
  const char *value = ct_capability(name);
  if (value == NULL) return length;
  for (; *value != 0 && length < capacity; value++) {
    if (value[0] == '$' && value[1] == '<') {
      const char *end = strchr(value, '>');
      if (end != NULL) {
        value = end;
        continue;
      }
    }
    text[length++] = *value;
  }
  return length;
}

/// Collects what leaves the screen as it was, ready for a handler that may only write it.
static void guard(void) {
  char leave[512];
  size_t length = sizeof modes_off - 1;
  memcpy(leave, modes_off, length);
  const char *names[] = {"rmkx", "sgr0", "op", "cnorm", "rmcup"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    length = append_capability(leave, length, sizeof leave, names[i]);
  }
  ct_guard(ct_tty, leave, length);
}

/// Empties the alternate screen before it is left: a multiplexer whose window has changed its size
/// since would otherwise show rows of it among those that were there before.
static void clear_alternate_screen(void) {
  if (ct_capability("rmcup") == NULL) return;
  clear();
  refresh();
}

static void set_modes(void) {
  raw();
  noecho();
  nonl();
  intrflush(stdscr, FALSE);
  struct termios mode;
  if (tcgetattr(ct_tty, &mode) == 0) {
    // ^C and ^Z are keys, but ^\ ends a program that does not answer any more.
    mode.c_lflag |= ISIG;
    mode.c_cc[VINTR] = _POSIX_VDISABLE;
    mode.c_cc[VSUSP] = _POSIX_VDISABLE;
    // A read never waits, even if another process has taken what made the terminal readable.
    mode.c_cc[VMIN] = 0;
    mode.c_cc[VTIME] = 0;
    tcsetattr(ct_tty, TCSADRAIN, &mode);
  }
  def_prog_mode();
}

static void send_modes(void) {
  ct_write(paste_and_focus_on, sizeof paste_and_focus_on - 1);
  if (reports_mouse) ct_write(mouse_on, sizeof mouse_on - 1);
}

static int fail(int reason) {
  int saved = errno;
  if (output != NULL) fclose(output);
  if (input != NULL) fclose(input);
  if (ct_tty >= 0) close(ct_tty);
  if (frame >= 0) close(frame);
  output = input = NULL;
  ct_tty = frame = -1;
  errno = saved;
  return reason;
}

/// Starts curses with the given description in the environment for just as long as it is read.
static SCREEN *start(const char *entry) {
  char *before = getenv("TERMINFO");
  if (entry != NULL) {
    before = before != NULL ? strdup(before) : NULL;
    setenv("TERMINFO", entry, 1);
  }
  SCREEN *started = newterm(NULL, output, input);
  if (entry != NULL) {
    if (before != NULL) {
      setenv("TERMINFO", before, 1);
      free(before);
    } else {
      unsetenv("TERMINFO");
    }
  }
  return started;
}

int ct_open(const char *entry, bool mouse, struct ct_screen *screen) {
  const char *term = getenv("TERM");
  if (term == NULL || *term == 0) return CT_TERM_UNSET;
  ct_tty = open_tty();
  if (ct_tty < 0) return CT_NOT_A_TERMINAL;
  screen->is_utf8 = choose_locale();

  int out = fcntl(ct_tty, F_DUPFD_CLOEXEC, 3);
  int in = fcntl(ct_tty, F_DUPFD_CLOEXEC, 3);
  output = out >= 0 ? fdopen(out, "w") : NULL;
  input = in >= 0 ? fdopen(in, "r") : NULL;
  if (output == NULL || input == NULL) return fail(CT_SYSTEM);
  frame = memfd_create("stockpot-frame", MFD_CLOEXEC);

  // Before newterm, which leaves SIGWINCH and SIGTSTP alone when they are taken, and with what is
  // known so far, so that a failure in between restores the modes.
  ct_guard(ct_tty, modes_off, 0);
  if (entry == NULL || (screen_in_use = start(entry)) == NULL) screen_in_use = start(NULL);
  if (screen_in_use == NULL) {
    ct_unguard();
    return fail(CT_TERM_UNKNOWN);
  }
  if (ct_capability("cup") == NULL) {
    // Undo what newterm did to the modes; it has written nothing yet.
    endwin();
    delscreen(screen_in_use);
    screen_in_use = NULL;
    ct_unguard();
    return fail(CT_TERM_INCAPABLE);
  }
  reports_mouse = mouse;
  guard();
  ct_guard_active(true);

  // Otherwise an update stops half way when a key is waiting.
  typeahead(-1);
  set_modes();
  curs_set(0);
  leaveok(stdscr, TRUE);
  screen->colors = 0;
  screen->pairs = 0;
  screen->has_default_colors = false;
  // Without colour, most colour calls of ncurses 6.4 crash.
  if (has_colors() && start_color() == OK) {
    screen->has_default_colors = use_default_colors() == OK;
    screen->colors = COLORS;
    screen->pairs = COLOR_PAIRS - 1;
  }
  send_modes();
  return CT_OPENED;
}

void ct_close(void) {
  if (screen_in_use == NULL) return;
  clear_alternate_screen();
  ct_write(modes_off, sizeof modes_off - 1);
  curs_set(1);
  endwin();
  ct_unguard();
  delscreen(screen_in_use);
  screen_in_use = NULL;
  fail(0);
}

void ct_size(int32_t *columns, int32_t *rows) {
  struct winsize size;
  if (ct_tty >= 0 && ioctl(ct_tty, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    *columns = size.ws_col;
    *rows = size.ws_row;
  } else if (screen_in_use != NULL) {
    *columns = COLS;
    *rows = LINES;
  } else {
    *columns = *rows = 0;
  }
}

void ct_resize(int32_t columns, int32_t rows) {
  if (screen_in_use == NULL || columns <= 0 || rows <= 0) return;
  resizeterm(rows, columns);
  erase();
  clearok(curscr, TRUE);
}

void ct_define_pair(int32_t pair, int32_t foreground, int32_t background) {
  init_extended_pair(pair, foreground, background);
}

static attr_t attributes_of(uint8_t bits) {
  attr_t attributes = A_NORMAL;
  if (bits & CT_BOLD) attributes |= A_BOLD;
  if (bits & CT_DIM) attributes |= A_DIM;
  if (bits & CT_ITALIC) attributes |= A_ITALIC;
  if (bits & CT_UNDERLINE) attributes |= A_UNDERLINE;
  if (bits & CT_REVERSE) attributes |= A_REVERSE;
  return attributes;
}

void ct_put(int32_t row, int32_t column, const struct ct_cell *cells, int32_t count) {
  for (int32_t i = 0; i < count; i++) {
    const struct ct_cell *cell = &cells[i];
    wchar_t text[CT_SCALARS + 1] = {0};
    for (int j = 0; j < CT_SCALARS && cell->scalars[j] != 0; j++) {
      text[j] = (wchar_t)cell->scalars[j];
    }
    int pair = cell->pair;
    cchar_t shown;
    // Curses measures with the C library; a newer character that it measures otherwise would
    // shift the rest of the row.
    bool agrees = wcwidth(text[0]) == cell->width;
    if (!agrees) {
      text[0] = L'?';
      text[1] = 0;
    }
    if (setcchar(&shown, text, attributes_of(cell->attributes), 0, &pair) != OK) continue;
    mvwadd_wchnstr(stdscr, row, column, &shown, 1);
    if (!agrees && cell->width == 2) mvwadd_wchnstr(stdscr, row, column + 1, &shown, 1);
    column += cell->width;
  }
}

static void update(int32_t row, int32_t column) {
  if (row >= 0) {
    leaveok(stdscr, FALSE);
    wmove(stdscr, row, column);
    curs_set(1);
  } else {
    curs_set(0);
    leaveok(stdscr, TRUE);
  }
  wnoutrefresh(stdscr);
  doupdate();
  fflush(output);
}

/// Sends what was gathered, in one write where it is not uncommonly long.
static void send_gathered(void) {
  static char bytes[1 << 16];
  off_t rest = lseek(frame, 0, SEEK_CUR);
  lseek(frame, 0, SEEK_SET);
  while (rest > 0) {
    size_t most = rest < (off_t)sizeof bytes ? (size_t)rest : sizeof bytes;
    ssize_t count = read(frame, bytes, most);
    if (count <= 0) break;
    ct_write(bytes, (size_t)count);
    rest -= count;
  }
  lseek(frame, 0, SEEK_SET);
}

void ct_flush(int32_t row, int32_t column) {
  static const char begin[] = "\033[?2026h";
  static const char end[] = "\033[?2026l";
  int out = fileno(output);
  fflush(output);
  // Curses writes in many pieces, each of which wakes the terminal and may cost this thread its
  // turn on the processor; so it writes into memory, and the whole frame goes out at once.
  bool gathers = frame >= 0 && dup3(frame, out, O_CLOEXEC) >= 0;
  int target = gathers ? frame : ct_tty;
  ct_write_all(target, begin, sizeof begin - 1);
  update(row, column);
  ct_write_all(target, end, sizeof end - 1);
  if (!gathers) return;
  dup3(ct_tty, out, O_CLOEXEC);
  send_gathered();
}

void ct_set_mouse(bool mouse) {
  if (mouse == reports_mouse) return;
  reports_mouse = mouse;
  const char *sequence = mouse ? mouse_on : mouse_off;
  ct_write(sequence, strlen(sequence));
}

void ct_repaint(void) { clearok(curscr, TRUE); }

void ct_resume(void) {
  if (screen_in_use == NULL) return;
  ct_guard_active(true);
  reset_prog_mode();
  clearok(curscr, TRUE);
  doupdate();
  send_modes();
}

void ct_suspend(void) {
  if (screen_in_use == NULL) return;
  clear_alternate_screen();
  ct_write(modes_off, sizeof modes_off - 1);
  curs_set(1);
  endwin();
  ct_guard_active(false);
  ct_stop_process();
  ct_resume();
}

void ct_write(const void *bytes, size_t count) {
  if (ct_tty >= 0) ct_write_all(ct_tty, bytes, count);
}

const char *ct_environment(const char *name) { return getenv(name); }

int32_t ct_last_error(void) { return errno; }
