// Makes system calls of a program fail, or the power: a library for LD_PRELOAD.
//
//   FAULT=write:7          the 7th call of its kind fails; 7+ also all after it. Kinds: open, write, fsync,
//                          rename, thread (the start of one), memory (of a matrix)
//   FAULT=power:7          the process ends at the 7th of all writes, fsyncs and renames
//   FAULT_FOLDER=DIR       files count where they are in this folder
//   FAULT_COUNTS=FILE      gets the number of calls of each kind, when the program ends by itself
//   FAULT_DISK=DIR         gets what a disk would have that forgets all that was not synced: the bytes of each
//                          inode at its last fsync, and the names of each folder at its
//
// Only what this program and its libraries call by name is seen; the C library's own calls are not.

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { OPEN, WRITE, FSYNC, RENAME, THREAD, MEMORY, POWER, KINDS };
static const char *const names[KINDS] = {"open",   "write",  "fsync", "rename",
                                         "thread", "memory", "power"};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static const char *folder, *disk, *counts_path;
static enum kind failing = KINDS;
static long failing_from, failing_to;
static long counts[KINDS];

__attribute__((constructor)) static void start(void) {
  folder = getenv("FAULT_FOLDER");
  disk = getenv("FAULT_DISK");
  counts_path = getenv("FAULT_COUNTS");
  const char *fault = getenv("FAULT");
  const char *colon = fault ? strchr(fault, ':') : NULL;
  if (!colon) return;
  for (enum kind kind = 0; kind < KINDS; ++kind) {
    if (strlen(names[kind]) == (size_t)(colon - fault) && !strncmp(fault, names[kind], colon - fault))
      failing = kind;
  }
  failing_from = atol(colon + 1);
  failing_to = strchr(colon, '+') ? __LONG_MAX__ : failing_from;
}

__attribute__((destructor)) static void finish(void) {
  if (!counts_path) return;
  FILE *file = fopen(counts_path, "w");
  if (!file) return;
  for (enum kind kind = 0; kind < KINDS; ++kind) fprintf(file, "%s %ld\n", names[kind], counts[kind]);
  fclose(file);
}

// Counts a call, and says whether it is to fail.
static bool fails(enum kind kind) {
  pthread_mutex_lock(&mutex);
  long count = ++counts[kind];
  bool is_failing = kind == failing && count >= failing_from && count <= failing_to;
  pthread_mutex_unlock(&mutex);
  return is_failing;
}

// At a write, an fsync or a rename: the power may fail before it.
static void power(void) {
  if (fails(POWER)) syscall(SYS_kill, getpid(), SIGKILL);
}

static bool is_inside(const char *path) {
  return folder && path && !strncmp(path, folder, strlen(folder));
}

// The path of a descriptor; false where it is not in the folder.
static bool path_of(int descriptor, char path[static 4096]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = readlink(link, path, 4095);
  path[length > 0 ? length : 0] = 0;
  return length > 0 && is_inside(path);
}

// MARK: Files

static int opened(int at, const char *path, int flags, mode_t mode) {
  if (is_inside(path) && fails(OPEN)) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_openat, at, path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(rest, int) : 0;
}

#define OPENS(name, at, parameters)       \
  int name parameters {                   \
    va_list rest;                         \
    va_start(rest, flags);                \
    mode_t mode = mode_of(flags, rest);   \
    va_end(rest);                         \
    return opened(at, path, flags, mode); \
  }
OPENS(open, AT_FDCWD, (const char *path, int flags, ...))
OPENS(open64, AT_FDCWD, (const char *path, int flags, ...))
OPENS(openat, at, (int at, const char *path, int flags, ...))
OPENS(openat64, at, (int at, const char *path, int flags, ...))

// Before bytes go to a descriptor.
static bool cannot_write(int descriptor) {
  char path[4096];
  if (!path_of(descriptor, path)) return false;
  power();
  if (!fails(WRITE)) return false;
  errno = ENOSPC;
  return true;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  return cannot_write(descriptor) ? -1 : syscall(SYS_write, descriptor, bytes, count);
}

ssize_t writev(int descriptor, const struct iovec *parts, int count) {
  return cannot_write(descriptor) ? -1 : syscall(SYS_writev, descriptor, parts, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  return cannot_write(descriptor) ? -1 : syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

// Keeps an inode's bytes as they are now.
static void keep_bytes(int descriptor, ino_t inode) {
  char from[64], to[4096], chunk[1 << 16];
  snprintf(from, sizeof from, "/proc/self/fd/%d", descriptor);
  snprintf(to, sizeof to, "%s/inode-%lu", disk, (unsigned long)inode);
  int source = (int)syscall(SYS_openat, AT_FDCWD, from, O_RDONLY, 0);
  int copy = (int)syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  for (ssize_t count; source >= 0 && (count = read(source, chunk, sizeof chunk)) > 0;)
    syscall(SYS_write, copy, chunk, count);
  close(source);
  close(copy);
}

// Keeps a folder's path, and its names, each with its inode.
static void keep_names(const char *path, ino_t inode) {
  char to[4096];
  snprintf(to, sizeof to, "%s/folder-%lu", disk, (unsigned long)inode);
  FILE *list = fopen(to, "w");
  DIR *entries = opendir(path);
  if (list) fprintf(list, "%s\n", path);
  for (struct dirent *entry; list && entries && (entry = readdir(entries));)
    if (entry->d_type == DT_REG) fprintf(list, "%lu %s\n", (unsigned long)entry->d_ino, entry->d_name);
  if (entries) closedir(entries);
  if (list) fclose(list);
}

static int synced(int descriptor, long call) {
  char path[4096];
  bool counts = path_of(descriptor, path);
  if (counts) {
    power();
    if (fails(FSYNC)) {
      errno = EIO;
      return -1;
    }
  }
  int result = (int)syscall(call, descriptor);
  struct stat status;
  if (result == 0 && counts && disk && fstat(descriptor, &status) == 0) {
    pthread_mutex_lock(&mutex);
    S_ISDIR(status.st_mode) ? keep_names(path, status.st_ino) : keep_bytes(descriptor, status.st_ino);
    pthread_mutex_unlock(&mutex);
  }
  return result;
}

int fsync(int descriptor) { return synced(descriptor, SYS_fsync); }
int fdatasync(int descriptor) { return synced(descriptor, SYS_fdatasync); }

int rename(const char *old, const char *new) {
  if (is_inside(new)) {
    power();
    if (fails(RENAME)) {
      errno = EIO;
      return -1;
    }
  }
  return (int)syscall(SYS_renameat2, AT_FDCWD, old, AT_FDCWD, new, 0);
}

// MARK: Threads and memory

int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *context) {
  int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
      dlsym(RTLD_NEXT, "pthread_create");
  return fails(THREAD) ? EAGAIN : real(thread, attributes, body, context);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  static int (*real)(void **, size_t, size_t);
  if (!real) real = dlsym(RTLD_NEXT, "posix_memalign");
  // The alignment of matrices; Swift's own objects have smaller ones.
  return alignment == 64 && fails(MEMORY) ? ENOMEM : real(memory, alignment, size);
}
