#include "CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

int ct_signal_wake = -1;

// A crash handler may only read what was laid out for it before.
static struct termios saved_mode;
static bool has_saved_mode = false;
static int guarded_tty = -1;
static char leave_text[512];
static size_t leave_length = 0;
static volatile sig_atomic_t is_active = 0;

static volatile sig_atomic_t was_resized = 0;
static volatile sig_atomic_t was_asked_to_stop = 0;
static volatile sig_atomic_t was_continued = 0;
static volatile sig_atomic_t ending_signal = 0;

static volatile sig_atomic_t captured_errors = -1;
static volatile sig_atomic_t errors_before = -1;

enum { ERROR_TAIL = 8192, SECONDS_TO_END = 5 };

static const int crashes[] = {SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGQUIT};
static const int endings[] = {SIGTERM, SIGHUP, SIGINT, SIGALRM};
static const int notices[] = {SIGWINCH, SIGTSTP, SIGCONT};
enum { CRASHES = 7, ENDINGS = 4, NOTICES = 3 };
static struct sigaction before_crashes[CRASHES], before_endings[ENDINGS], before_notices[NOTICES];
static bool is_guarding = false;

void ct_write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

/// Brings the terminal back. Only calls that are safe in a signal handler.
static void restore(void) {
  if (!is_active) return;
  is_active = 0;
  if (guarded_tty >= 0) {
    ct_write_all(guarded_tty, leave_text, leave_length);
    if (has_saved_mode) tcsetattr(guarded_tty, TCSANOW, &saved_mode);
  }
}

/// Shows on the real standard error what was last written to the captured one.
static void give_errors_back(void) {
  int file = captured_errors, real = errors_before;
  if (file < 0) return;
  captured_errors = errors_before = -1;
  dup2(real, STDERR_FILENO);
  off_t size = lseek(file, 0, SEEK_END);
  off_t place = size > ERROR_TAIL ? size - ERROR_TAIL : 0;
  char bytes[512];
  ssize_t count;
  while ((count = pread(file, bytes, sizeof bytes, place)) > 0) {
    ct_write_all(STDERR_FILENO, bytes, (size_t)count);
    place += count;
  }
}

static void on_crash(int number, siginfo_t *information, void *context) {
  (void)context;
  restore();
  give_errors_back();
  // Whoever handled this before us (Swift's backtrace) shall see it too.
  for (int i = 0; i < CRASHES; i++) {
    if (crashes[i] == number) sigaction(number, &before_crashes[i], NULL);
  }
  // A fault comes again when the instruction is tried again, with its true address; what was sent,
  // or what goes on after the instruction, has to be sent again.
  bool returns_to_fault = information->si_code > 0 && number != SIGABRT && number != SIGTRAP;
  if (!returns_to_fault) raise(number);
}

static void end_at_once(int number) {
  restore();
  give_errors_back();
  int wanted = number == SIGALRM && ending_signal != 0 ? ending_signal : number;
  signal(wanted, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, wanted);
  pthread_sigmask(SIG_UNBLOCK, &only, NULL);
  raise(wanted);
}

static void on_ending(int number) {
  int saved = errno;
  // The loop leaves in order. If it does not, because something holds it up, a second request or
  // the alarm ends the program all the same.
  if (ending_signal != 0 || number == SIGALRM) end_at_once(number);
  ending_signal = number;
  alarm(SECONDS_TO_END);
  ct_wake_raise(ct_signal_wake);
  errno = saved;
}

static void on_notice(int number) {
  switch (number) {
    case SIGWINCH: was_resized = 1; break;
    case SIGTSTP: was_asked_to_stop = 1; break;
    default: was_continued = 1; break;
  }
  ct_wake_raise(ct_signal_wake);
}

static void on_exit_restore(void) {
  restore();
  give_errors_back();
}

static void watch(int number, struct sigaction *action, struct sigaction *before) {
  sigaction(number, action, before);
  // What the parent had ignored (nohup) stays ignored, but for the ones curses would take.
  if (before->sa_handler == SIG_IGN && (number == SIGHUP || number == SIGINT)) {
    sigaction(number, before, NULL);
  }
}

void ct_guard(int tty, const char *leave, size_t length) {
  static bool is_registered = false;
  static char *stack = NULL;
  leave_length = length < sizeof leave_text ? length : sizeof leave_text;
  memcpy(leave_text, leave, leave_length);
  if (is_guarding) return;

  guarded_tty = tty;
  has_saved_mode = tcgetattr(tty, &saved_mode) == 0;
  ending_signal = was_resized = was_asked_to_stop = was_continued = 0;
  if (ct_signal_wake < 0) ct_signal_wake = ct_wake_open();
  if (!is_registered) {
    is_registered = true;
    atexit(on_exit_restore);
  }
  // Without its own stack the handler of a stack overflow would overflow at once.
  size_t stack_size = 65536;
  if (stack == NULL) stack = malloc(stack_size);
  if (stack != NULL) {
    stack_t alternate = {.ss_sp = stack, .ss_size = stack_size};
    sigaltstack(&alternate, NULL);
  }

  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  action.sa_sigaction = on_crash;
  for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &action, &before_crashes[i]);

  action.sa_flags = SA_ONSTACK | SA_RESTART;
  action.sa_handler = on_ending;
  for (int i = 0; i < ENDINGS; i++) watch(endings[i], &action, &before_endings[i]);
  action.sa_handler = on_notice;
  for (int i = 0; i < NOTICES; i++) watch(notices[i], &action, &before_notices[i]);
  is_guarding = true;

  // A parent may have blocked them, and then nothing of this would ever run.
  sigset_t watched;
  sigemptyset(&watched);
  for (int i = 0; i < CRASHES; i++) sigaddset(&watched, crashes[i]);
  for (int i = 0; i < ENDINGS; i++) sigaddset(&watched, endings[i]);
  for (int i = 0; i < NOTICES; i++) sigaddset(&watched, notices[i]);
  pthread_sigmask(SIG_UNBLOCK, &watched, NULL);
}

void ct_guard_active(bool active) { is_active = active; }

void ct_unguard(void) {
  if (!is_guarding) return;
  is_active = 0;
  alarm(0);
  for (int i = 0; i < CRASHES; i++) sigaction(crashes[i], &before_crashes[i], NULL);
  for (int i = 0; i < ENDINGS; i++) sigaction(endings[i], &before_endings[i], NULL);
  for (int i = 0; i < NOTICES; i++) sigaction(notices[i], &before_notices[i], NULL);
  if (has_saved_mode) tcsetattr(guarded_tty, TCSADRAIN, &saved_mode);
  guarded_tty = -1;
  is_guarding = false;
}

void ct_stop_process(void) {
  struct sigaction action, ours;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_IGN;
  sigaction(SIGTSTP, &action, &ours);
  // First the others of the group, as the terminal would, then this process by a signal to this
  // very thread, which has arrived when raise returns.
  kill(0, SIGTSTP);
  action.sa_handler = SIG_DFL;
  sigaction(SIGTSTP, &action, NULL);
  raise(SIGTSTP);
  sigaction(SIGTSTP, &ours, NULL);
  was_asked_to_stop = 0;
}

int ct_take_signals(void) {
  int signals = 0;
  if (was_resized) signals |= CT_RESIZED;
  was_resized = 0;
  if (was_asked_to_stop) signals |= CT_STOP;
  was_asked_to_stop = 0;
  if (was_continued) signals |= CT_CONTINUED;
  was_continued = 0;
  if (ending_signal) signals |= CT_END;
  return signals;
}

int ct_ending_signal(void) { return ending_signal; }

void ct_capture_errors(const char *path) {
  if (captured_errors >= 0 || !isatty(STDERR_FILENO)) return;
  int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return;
  int real = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  if (real < 0 || dup2(file, STDERR_FILENO) < 0) {
    close(file);
    if (real >= 0) close(real);
    return;
  }
  errors_before = real;
  captured_errors = file;
}

size_t ct_release_errors(char *tail, size_t capacity) {
  int file = captured_errors, real = errors_before;
  if (file < 0) return 0;
  captured_errors = errors_before = -1;
  dup2(real, STDERR_FILENO);
  close(real);
  off_t size = lseek(file, 0, SEEK_END);
  off_t place = size > (off_t)capacity ? size - (off_t)capacity : 0;
  ssize_t count = pread(file, tail, capacity, place);
  close(file);
  return count > 0 ? (size_t)count : 0;
}
