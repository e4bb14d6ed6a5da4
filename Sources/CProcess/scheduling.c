#include "CProcess.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/// As sched_setattr(2) has it; the C library does not declare it everywhere.
struct attributes {
  uint32_t size;
  uint32_t policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  /// Nanoseconds at a time. Before Linux 6.12 it means nothing here.
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

/// Threads that this one starts begin as any other.
enum { RESET_ON_FORK = 1 };

void thread_give_way(void)
{
  struct attributes attributes = {
      .size = sizeof attributes,
      .policy = SCHED_BATCH,
      .flags = RESET_ON_FORK,
      .nice = getpriority(PRIO_PROCESS, 0),
      .runtime = 20000000,
  };
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}
