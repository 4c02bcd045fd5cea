import UnrollDenseMath
import UnrollText

/// The library that was loaded in OpenBLAS's place lacks functions that the program calls.
struct BLASProblem: CustomStringConvertible {
  var library: String
  var missing: [String]

  /// Nil with OpenBLAS, and with any library that has all of them.
  static var present: BLASProblem? {
    let missing = BLASLibrary.missingFunctions
    return missing.isEmpty ? nil : BLASProblem(library: BLASLibrary.path, missing: missing)
  }

  var description: String {
    "\(library.isEmpty ? "the BLAS library" : library): lacks \(missing.listed("and")); "
      + "must be OpenBLAS or a library with CBLAS and LAPACK; "
      + installCommand(debian: "libopenblas0", homebrew: "openblas")
      + ", or take the other library out of LD_LIBRARY_PATH"
  }
}
