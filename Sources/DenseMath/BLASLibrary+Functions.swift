import CUnrollVectorKernels
import Foundation

/// What the library in OpenBLAS's place has. Functions of OpenBLAS alone are looked up rather than linked, so
/// that the program also runs with another BLAS under its name, such as BLIS with LAPACK.
extension BLASLibrary {
  /// Every function of BLAS and LAPACK that the module calls.
  static let needed = [
    "cblas_sasum", "cblas_saxpy", "cblas_sgemm", "cblas_sscal", "cblas_dasum", "cblas_daxpy",
    "cblas_ddot", "cblas_dgemm", "cblas_dscal", "dgeev_", "dgeqrf_", "dgesvd_", "dorgqr_",
  ]

  /// Those of them that the library does not have. The loader would end the process at the first call of one.
  package static var missingFunctions: [String] { needed.filter { unroll_symbol($0) == nil } }

  /// The file of the library whose product is used; empty where the system does not say.
  package static var path: String {
    guard let address = needed.lazy.compactMap({ unroll_symbol($0) }).first else { return "" }
    return String(cString: unroll_library_of(address))
  }

  static var isOpenBLAS: Bool { unroll_symbol("openblas_get_config") != nil }

  /// The name of OpenBLAS's kernels in use.
  static func coreName() -> String { text(of: "openblas_get_corename") ?? "unknown" }

  static func describe() -> String {
    text(of: "openblas_get_config") ?? "\(path), which is not OpenBLAS"
  }

  static func useOneThread() {
    function("openblas_set_num_threads", as: (@convention(c) (Int32) -> Void).self)?(1)
  }

  /// A function of C that is called `name`; nil where no library of the process has it.
  static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    unroll_symbol(name).map { unsafeBitCast($0, to: type) }
  }

  private static func text(of name: String) -> String? {
    typealias Function = @convention(c) () -> UnsafePointer<CChar>?
    return function(name, as: Function.self)?().map { String(cString: $0) }
  }
}
