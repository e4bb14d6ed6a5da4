#include "CTerminal.h"
#include "internal.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>

// The only file to see term.h, whose macros take names such as `columns` and `lines`.

const char *ct_capability(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}

enum { MOST = 1024 };

static int8_t booleans[MOST];
static int32_t numbers[MOST];
static const char *strings[MOST];

static size_t place_of(NCURSES_CONST char *const *names, const char *name, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (strcmp(names[i], name) == 0) return i;
  }
  return SIZE_MAX;
}

bool ct_load_capabilities(struct ct_capabilities *capabilities) {
  // The strings belong to this description, which is kept for as long as they may be read.
  static TERMINAL *loaded = NULL;
  TERMINAL *before = set_curterm(NULL);
  int error = 0;
  bool found = setupterm(NULL, 1, &error) == OK;
  TERMINAL *mine = set_curterm(before);
  if (!found) return false;
  if (loaded != NULL) del_curterm(loaded);
  loaded = mine;

  before = set_curterm(loaded);
  size_t b = 0, n = 0, s = 0;
  for (; b < MOST && boolnames[b] != NULL; b++) booleans[b] = tigetflag(boolnames[b]) > 0;
  for (; n < MOST && numnames[n] != NULL; n++) {
    int value = tigetnum(numnames[n]);
    numbers[n] = value < 0 ? -1 : value;
  }
  for (; s < MOST && strnames[s] != NULL; s++) {
    strings[s] = ct_capability(strnames[s]);
  }
  set_curterm(before);
  *capabilities = (struct ct_capabilities){
      .booleans = booleans,
      .boolean_count = b,
      .numbers = numbers,
      .number_count = n,
      .strings = strings,
      .string_count = s,
      .colors_at = place_of(numnames, "colors", n),
      .pairs_at = place_of(numnames, "pairs", n),
      .foreground_at = place_of(strnames, "setaf", s),
      .background_at = place_of(strnames, "setab", s),
      .change_color_at = place_of(strnames, "initc", s),
      .set_pair_at = place_of(strnames, "scp", s),
  };
  return true;
}
