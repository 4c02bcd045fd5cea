// MPI as functions that Swift can call: constants of mpi.h such as MPI_COMM_WORLD are macros, which Swift
// does not see. Open MPI and MPICH both have all of it. Each function gives MPI's own error code, 0 for
// success; unroll_mpi_describe words one.
#ifndef UNROLL_MPI_SHIM_H
#define UNROLL_MPI_SHIM_H

#include <mpi.h>
#include <string.h>

// Elements of a sum at a time: MPI counts in int.
#define UNROLL_MPI_MOST_ELEMENTS (1L << 30)

// A code that MPI does not have: its library is for programs without threads.
#define UNROLL_MPI_NO_THREADS (-1)

// Joins the other ranks, and gives this rank's number and how many there are. Only the thread that calls
// this may call the functions below.
static inline int unroll_mpi_start(int *rank, int *count) {
  int level = MPI_THREAD_SINGLE;
  int code = MPI_Init_thread(0, 0, MPI_THREAD_FUNNELED, &level);
  if (code != MPI_SUCCESS) return code;
  if (level < MPI_THREAD_FUNNELED) {
    MPI_Finalize();
    return UNROLL_MPI_NO_THREADS;
  }
  // Errors are for the caller to word. By default MPI ends the program with many lines of its own.
  code = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  if (code != MPI_SUCCESS) return code;
  return MPI_Comm_size(MPI_COMM_WORLD, count);
}

static inline int unroll_mpi_finish(void) { return MPI_Finalize(); }

// Sums `values`, and beside them a few scalars, over all ranks, in place. The scalars are on their way
// while the values are, so that they cost next to nothing.
static inline int unroll_mpi_sum(void *values, long count, MPI_Datatype type, double *scalars,
                                 int scalarCount) {
  MPI_Request request = MPI_REQUEST_NULL;
  int code = MPI_SUCCESS;
  if (scalarCount > 0)
    code = MPI_Iallreduce(MPI_IN_PLACE, scalars, scalarCount, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD,
                          &request);
  if (code != MPI_SUCCESS) return code;
  MPI_Aint lower, size;
  MPI_Type_get_extent(type, &lower, &size);
  for (long done = 0; done < count; done += UNROLL_MPI_MOST_ELEMENTS) {
    long left = count - done;
    int part = (int)(left < UNROLL_MPI_MOST_ELEMENTS ? left : UNROLL_MPI_MOST_ELEMENTS);
    code = MPI_Allreduce(MPI_IN_PLACE, (char *)values + done * size, part, type, MPI_SUM,
                         MPI_COMM_WORLD);
    if (code != MPI_SUCCESS) return code;
  }
  return MPI_Wait(&request, MPI_STATUS_IGNORE);
}

static inline int unroll_mpi_sum_float(float *values, long count, double *scalars,
                                       int scalarCount) {
  return unroll_mpi_sum(values, count, MPI_FLOAT, scalars, scalarCount);
}

static inline int unroll_mpi_sum_double(double *values, long count, double *scalars,
                                        int scalarCount) {
  return unroll_mpi_sum(values, count, MPI_DOUBLE, scalars, scalarCount);
}

// Gives every rank the bytes of rank 0.
static inline int unroll_mpi_broadcast(void *bytes, int count) {
  return MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD);
}

static inline int unroll_mpi_send(const void *bytes, int count, int to) {
  return MPI_Send(bytes, count, MPI_BYTE, to, 0, MPI_COMM_WORLD);
}

// Whether a message has come, from whom, and its length. Does not wait.
static inline int unroll_mpi_probe(int *isThere, int *from, int *count) {
  MPI_Status status;
  int code = MPI_Iprobe(MPI_ANY_SOURCE, 0, MPI_COMM_WORLD, isThere, &status);
  if (code != MPI_SUCCESS || !*isThere) return code;
  *from = status.MPI_SOURCE;
  return MPI_Get_count(&status, MPI_BYTE, count);
}

static inline int unroll_mpi_receive(void *bytes, int count, int from) {
  return MPI_Recv(bytes, count, MPI_BYTE, from, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static inline void unroll_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

// The room that unroll_mpi_describe needs.
static inline int unroll_mpi_description_room(void) { return MPI_MAX_ERROR_STRING + 1; }

static inline void unroll_mpi_describe(int code, char *text) {
  int length = 0;
  text[0] = 0;
  if (code == UNROLL_MPI_NO_THREADS) {
    strcpy(text, "its library does not allow threads (MPI_THREAD_FUNNELED)");
    return;
  }
  MPI_Error_string(code, text, &length);
}

#endif
