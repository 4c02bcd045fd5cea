#ifndef C_OPENBLAS_SHIM_H
#define C_OPENBLAS_SHIM_H

#include <cblas.h>

// LAPACK's Fortran entry points, which OpenBLAS carries without a C header in Debian's package.
// Matrices are column-major; every argument is a pointer; `info` is 0 when it went well.

/// QR factorization with Householder reflectors.
void dgeqrf_(
    const int *m, const int *n, double *a, const int *lda, double *tau, double *work,
    const int *lwork, int *info);
/// The first n columns of Q from the reflectors of dgeqrf.
void dorgqr_(
    const int *m, const int *n, const int *k, double *a, const int *lda, const double *tau,
    double *work, const int *lwork, int *info);
/// Eigenvalues (and eigenvectors, where jobvl or jobvr is "V") of a general matrix.
void dgeev_(
    const char *jobvl, const char *jobvr, const int *n, double *a, const int *lda, double *wr,
    double *wi, double *vl, const int *ldvl, double *vr, const int *ldvr, double *work,
    const int *lwork, int *info);
/// Singular values, descending (and vectors, where jobu or jobvt is not "N").
void dgesvd_(
    const char *jobu, const char *jobvt, const int *m, const int *n, double *a, const int *lda,
    double *s, double *u, const int *ldu, double *vt, const int *ldvt, double *work,
    const int *lwork, int *info);

#endif
