#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FIRST = 3, MOST = 8 };

static int file_actions(
    posix_spawn_file_actions_t *actions, int output, const int *copies, size_t count)
{
  int code = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
  if (!code) code = posix_spawn_file_actions_adddup2(actions, output, 1);
  if (!code) code = posix_spawn_file_actions_adddup2(actions, output, 2);
  for (size_t i = 0; !code && i < count; i++)
    code = posix_spawn_file_actions_adddup2(actions, copies[i], FIRST + (int)i);
  if (!code) code = posix_spawn_file_actions_addclosefrom_np(actions, FIRST + (int)count);
  return code;
}

static int attributes_of_child(posix_spawnattr_t *attributes)
{
  // Signals that the parent ignores or blocks would be ignored and blocked in the child.
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int code = posix_spawnattr_setsigmask(attributes, &none);
  if (!code) code = posix_spawnattr_setsigdefault(attributes, &all);
  if (!code) code = posix_spawnattr_setpgroup(attributes, 0);
  if (!code)
    code = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  return code;
}

int process_spawn(
    char *const words[], char *const environment[], int output, const int *descriptors,
    size_t count, pid_t *pid)
{
  if (count > MOST) return EINVAL;
  int copies[MOST];
  size_t copied = 0;
  int code = 0;
  // Numbers out of the way of the targets, so that none is overwritten before its turn.
  for (; copied < count; copied++) {
    copies[copied] = fcntl(descriptors[copied], F_DUPFD_CLOEXEC, FIRST + MOST);
    if (copies[copied] < 0) {
      code = errno;
      break;
    }
  }
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  if (!code && !(code = posix_spawn_file_actions_init(&actions))) {
    if (!(code = posix_spawnattr_init(&attributes))) {
      code = file_actions(&actions, output, copies, count);
      if (!code) code = attributes_of_child(&attributes);
      if (!code) code = posix_spawn(pid, words[0], &actions, &attributes, words, environment);
      posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
  }
  for (size_t i = 0; i < copied; i++) close(copies[i]);
  return code;
}

int shared_memory_create(const char *label) { return memfd_create(label, MFD_CLOEXEC); }
