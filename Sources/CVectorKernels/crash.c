// A last line for code that the CPU may refuse.

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "CUnrollVectorKernels.h"

static const int signals[] = {SIGILL, SIGSEGV, SIGBUS, SIGFPE};
enum { COUNT = sizeof signals / sizeof *signals };

static struct sigaction before[COUNT];
static char last_line[1024];
static size_t last_length;
static int last_status;

// Only what may be called in a signal handler.
static void end(int number) {
  (void)number;
  ssize_t written = write(STDERR_FILENO, last_line, last_length);
  (void)written;
  _exit(last_status);
}

void unroll_crash_line_set(const char *line, int status) {
  last_length = strlen(line);
  if (last_length > sizeof last_line) last_length = sizeof last_line;
  memcpy(last_line, line, last_length);
  last_status = status;
  struct sigaction action = {.sa_handler = end};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < COUNT; ++i) sigaction(signals[i], &action, &before[i]);
}

void unroll_crash_line_clear(void) {
  for (int i = 0; i < COUNT; ++i) sigaction(signals[i], &before[i], NULL);
}
