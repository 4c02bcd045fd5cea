// A last line for code that the CPU may refuse.

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "CUnrollVectorKernels.h"

enum { BUS, COUNT = 4 };
static const int signals[COUNT] = {[BUS] = SIGBUS, SIGILL, SIGSEGV, SIGFPE};

static struct sigaction before[COUNT];
static char last_line[1024];
static size_t last_length;
static int last_status;
static pthread_t thread;

// Only what may be called in a signal handler. A bus error of another thread may be of a file that was cut short,
// which has a handler.
static void end(int number, siginfo_t *information, void *context) {
  if (number == SIGBUS && before[BUS].sa_flags & SA_SIGINFO && !pthread_equal(pthread_self(), thread)) {
    before[BUS].sa_sigaction(number, information, context);
    return;
  }
  ssize_t written = write(STDERR_FILENO, last_line, last_length);
  (void)written;
  _exit(last_status);
}

void unroll_crash_line_set(const char *line, int status) {
  last_length = strlen(line);
  if (last_length > sizeof last_line) last_length = sizeof last_line;
  memcpy(last_line, line, last_length);
  last_status = status;
  thread = pthread_self();
  struct sigaction action = {.sa_sigaction = end, .sa_flags = SA_SIGINFO};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < COUNT; ++i) sigaction(signals[i], &action, &before[i]);
}

void unroll_crash_line_clear(void) {
  for (int i = 0; i < COUNT; ++i) sigaction(signals[i], &before[i], NULL);
}
