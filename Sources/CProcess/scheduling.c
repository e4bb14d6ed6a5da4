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
  /// Nanoseconds at a time; 0 for the system's choice. Before Linux 6.12 it means nothing here.
  uint64_t runtime;
  uint64_t deadline;
  uint64_t period;
};

/// Threads that this one starts begin as any other. Once set, only a privileged thread may unset it.
enum { RESET_ON_FORK = 1 };

void thread_give_way(bool gives_way)
{
  struct attributes attributes = {
      .size = sizeof attributes,
      .policy = gives_way ? SCHED_BATCH : SCHED_OTHER,
      .flags = RESET_ON_FORK,
      .nice = getpriority(PRIO_PROCESS, 0),
      .runtime = gives_way ? 20000000 : 0,
  };
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}
