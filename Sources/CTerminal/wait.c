#include "CTerminal.h"
#include "internal.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

int32_t ct_wake_open(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void ct_wake_close(int32_t wake) {
  if (wake >= 0) close(wake);
}

void ct_wake_raise(int32_t wake) {
  if (wake < 0) return;
  int saved = errno;
  uint64_t one = 1;
  // A full counter (EAGAIN) is a raised one; nothing else can fail but an interruption.
  while (write(wake, &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = saved;
}

void ct_wake_lower(int32_t wake) {
  if (wake < 0) return;
  uint64_t count;
  while (read(wake, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

static struct timespec *duration(int64_t nanoseconds, struct timespec *storage) {
  if (nanoseconds < 0) return NULL;
  storage->tv_sec = (time_t)(nanoseconds / 1000000000);
  storage->tv_nsec = (long)(nanoseconds % 1000000000);
  return storage;
}

int ct_wait(int32_t wake, int64_t nanoseconds) {
  // poll passes over negative descriptors.
  struct pollfd watched[3] = {
      {.fd = ct_tty, .events = POLLIN},
      {.fd = wake, .events = POLLIN},
      {.fd = ct_signal_wake, .events = POLLIN},
  };
  struct timespec storage;
  int count = ppoll(watched, 3, duration(nanoseconds, &storage), NULL);
  if (count < 0) return errno == EINTR ? CT_SIGNAL : CT_HANG_UP;
  int woken = 0;
  if (watched[0].revents & POLLIN) woken |= CT_INPUT;
  if (watched[0].revents & (POLLHUP | POLLERR | POLLNVAL)) woken |= CT_HANG_UP;
  if (watched[1].revents) woken |= CT_WAKE;
  if (watched[2].revents) {
    woken |= CT_SIGNAL;
    ct_wake_lower(ct_signal_wake);
  }
  return woken;
}

void ct_wait_wake(int32_t wake, int64_t nanoseconds) {
  struct pollfd watched = {.fd = wake, .events = POLLIN};
  struct timespec storage;
  ppoll(&watched, 1, duration(nanoseconds, &storage), NULL);
}

int64_t ct_read(uint8_t *bytes, size_t capacity) {
  // Called only when the terminal is said to be readable: to find nothing again and again means
  // that it is gone, and waiting for it would spin.
  static int empty_reads = 0;
  ssize_t count = read(ct_tty, bytes, capacity);
  if (count > 0) {
    empty_reads = 0;
    return count;
  }
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return 0;
  if (count < 0) return -1;
  empty_reads += 1;
  if (empty_reads < 100) return 0;
  empty_reads = 0;
  return -1;
}
