#define _GNU_SOURCE
#include "CUnrollDiskRecorder.h"

#include <stdlib.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

#if defined(__linux__) && defined(__GLIBC__) && !defined(SANITIZED)

// The test program's own definitions take the place of glibc's for every library it loads.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static bool recording;
static char prefix[4096];
static char events[1 << 20];
static size_t used;

static void record(const char *event, const char *path) {
  pthread_mutex_lock(&mutex);
  if (recording && strncmp(path, prefix, strlen(prefix)) == 0) {
    int written = snprintf(events + used, sizeof events - used, "%s %s\n", event, path);
    if (written > 0 && used + (size_t)written < sizeof events) used += (size_t)written;
  }
  pthread_mutex_unlock(&mutex);
}

int fsync(int descriptor) {
  // What follows would change the errno of a failure.
  if (syscall(SYS_fsync, descriptor) != 0) return -1;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length > 0) {
    path[length] = 0;
    record("sync", path);
  }
  return 0;
}

int rename(const char *old, const char *new) {
  int result = renameat(AT_FDCWD, old, AT_FDCWD, new);
  if (result == 0) record("rename", new);
  return result;
}

bool disk_recording_available(void) { return true; }

void disk_recording_start(const char *paths) {
  pthread_mutex_lock(&mutex);
  snprintf(prefix, sizeof prefix, "%s", paths);
  used = 0;
  events[0] = 0;
  recording = true;
  pthread_mutex_unlock(&mutex);
}

const char *disk_recording_stop(void) {
  pthread_mutex_lock(&mutex);
  recording = false;
  pthread_mutex_unlock(&mutex);
  return events;
}

#else

bool disk_recording_available(void) { return false; }
void disk_recording_start(const char *paths) { (void)paths; }
const char *disk_recording_stop(void) { return ""; }

#endif
