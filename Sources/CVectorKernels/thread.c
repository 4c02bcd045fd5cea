// Threads of the system, and what it says where it has none left.

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "CUnrollVectorKernels.h"

typedef struct {
  void (*body)(void *context);
  void *context;
} start;

static void *run(void *argument) {
  start begun = *(start *)argument;
  free(argument);
  begun.body(begun.context);
  return NULL;
}

int unroll_start_thread(size_t stack_bytes, void (*body)(void *context), void *context) {
  start *argument = malloc(sizeof *argument);
  pthread_attr_t attributes;
  if (!argument || pthread_attr_init(&attributes) != 0) {
    free(argument);
    return ENOMEM;
  }
  *argument = (start){body, context};
  pthread_attr_setstacksize(&attributes, stack_bytes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread;
  int failure = pthread_create(&thread, &attributes, run, argument);
  pthread_attr_destroy(&attributes);
  if (failure != 0) free(argument);
  return failure;
}
