#include "CProcess.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

// Laid out before: a handler may not ask for memory.
static char bus_error_text[512];
static size_t bus_error_length;

static void on_bus_error(int number, siginfo_t *information, void *context)
{
  (void)context;
  if (information->si_code != BUS_ADRERR && information->si_code != BUS_OBJERR) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  const char *rest = bus_error_text;
  size_t count = bus_error_length;
  while (count > 0) {
    ssize_t written = write(STDERR_FILENO, rest, count);
    if (written <= 0) break;
    rest += written;
    count -= (size_t)written;
  }
  _exit(1);
}

void process_explain_bus_error(const char *text)
{
  bus_error_length = strnlen(text, sizeof bus_error_text);
  memcpy(bus_error_text, text, bus_error_length);
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK, .sa_sigaction = on_bus_error};
  sigfillset(&action.sa_mask);
  sigaction(SIGBUS, &action, NULL);
}
