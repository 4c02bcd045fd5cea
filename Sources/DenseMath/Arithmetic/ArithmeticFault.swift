import UnrollText

/// Arithmetic that this machine does wrong, with the way out, in one line.
package enum ArithmeticFault: Error, Equatable, CustomStringConvertible {
  /// A routine gives other numbers than its definition.
  case wrong(ArithmeticRoutines, routine: String, got: Double, expected: Double)
  /// Routines use an instruction or an address that they must not.
  case crash(ArithmeticRoutines)

  package var description: String {
    switch self {
    case .wrong(let routines, let routine, let got, let expected):
      "\(routine) of \(routines) is wrong on this machine: \(got) where \(expected) is right; "
        + routines.remedy
    case .crash(let routines):
      "\(routines) crash on this machine; \(routines.remedy)"
    }
  }
}

/// Routines that were chosen together.
package struct ArithmeticRoutines: Equatable, Sendable, CustomStringConvertible {
  /// As a message names them: `the kernels Haswell of OpenBLAS 0.3.26`.
  package let description: String
  /// What to do where they do not work.
  let remedy: String

  /// The kernels in use of `library`; the library itself where it is not OpenBLAS.
  ///
  /// - Parameters:
  ///   - asked: what the environment asks for; nil where it leaves the choice.
  ///   - others: what may be asked for instead.
  static func blas(_ library: BLASLibrary, asked: String?, others: [String]) -> ArithmeticRoutines {
    guard library.reason != .notOpenBLAS else {
      return ArithmeticRoutines(
        description: library.configuration.escaped, remedy: "install OpenBLAS")
    }
    let variable = "OPENBLAS_CORETYPE"
    let version = library.configuration.split(separator: " ").prefix(2).joined(separator: " ")
    return ArithmeticRoutines(
      description: "the kernels \(library.kernels.oneLine(limit: 40)) of "
        + version.oneLine(limit: 40)
        + (asked.map { ", chosen by \(variable)=\($0.oneLine(limit: 40))," } ?? ""),
      remedy: Self.choice(variable, isSet: asked != nil, others: others)
        + "install another BLAS library")
  }

  /// Our own kernels `name`.
  static func own(_ name: String, asked: Bool, others: [String]) -> ArithmeticRoutines {
    let variable = "UNROLL_KERNELS"
    return ArithmeticRoutines(
      description: "Unroll's own kernels \(name)" + (asked ? ", chosen by \(variable)," : ""),
      remedy: Self.choice(variable, isSet: asked, others: others) + "use another machine")
  }

  /// How `variable` can be changed, and `or`.
  private static func choice(_ variable: String, isSet: Bool, others: [String]) -> String {
    let names = others.joined(separator: ", ")
    return switch (isSet, others.isEmpty) {
    case (true, true): "unset \(variable), or "
    case (true, false): "unset \(variable) or set it to one of \(names), or "
    case (false, true): ""
    case (false, false): "set \(variable) to one of \(names), or "
    }
  }
}
