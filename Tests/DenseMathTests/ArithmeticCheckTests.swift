import CUnrollVectorKernels
import Foundation
import Synchronization
import Testing

@testable import UnrollDenseMath

/// The comparison of the routines in use with their definitions.
@Suite struct ArithmeticCheckTests {
  private static let routines = ArithmeticRoutines.ownInUse
  private static let expected = KernelExercise<Double>(unroll_kernels_reference().pointee).outputs

  @Test(arguments: KernelVariant.supported) func everyTableAgrees(_ variant: KernelVariant) throws {
    func check<Element: KernelElement>(_ type: Element.Type) throws {
      try ArithmeticCheck.check(
        type, try variant.kernels(), Self.expected, of: Self.routines)
    }
    try check(variant.element)
  }

  /// A kernel that is added to the table has to be added to the exercise.
  @Test func everyKernelIsUsed() {
    let members = Mirror(reflecting: unroll_kernels_reference().pointee).children
      .compactMap(\.label)
    let used = Set(Self.expected.map { "\($0.kernel)" })
    // What is laid out is seen in the product; the last measures a speed.
    let others = [
      "name", "panel_width", "vector_width", "lay_out_panels", "multiply_add_peak",
    ]
    #expect(members.count > 40)
    #expect(Set(members).subtracting(others) == used)
    let kinds = Self.expected.filter { "\($0.kernel)" == "activation_backward" }.map(\.kind)
    #expect(kinds == ActivationKernel.allCases.map(\.rawValue))
  }

  /// The sizes leave every kind of remainder, and rounding stays far below what is accepted.
  @Test(arguments: KernelVariant.supported) func roundingIsFarBelowTheTolerance(
    _ variant: KernelVariant
  ) throws {
    func worst<Element: KernelElement>(_ type: Element.Type) throws -> Double {
      let outputs = KernelExercise<Element>(try variant.kernels()).outputs
      #expect(outputs.count == Self.expected.count)
      return zip(outputs, Self.expected).reduce(0) { worst, pair in
        zip(pair.0.values, pair.1.values).reduce(worst) { worst, values in
          max(worst, abs(values.0 - values.1) / max(1, abs(values.1)))
        }
      } / Double(Element.ulpOfOne)
    }
    #expect(try worst(variant.element) < 64)
  }

  /// Each is wrong by 1% in one element, in the part that the name says.
  @Test(
    .serialized,
    arguments: [
      // Where e^x is not small.
      ("exp", 2), ("lstm_forward", 82), ("lstm_backward_steps", 4), ("product", 30), ("adam", 248),
      ("softmax_cross_entropy", 40),
    ]) func oneWrongElementIsFound(_ kernel: String, _ place: Int) throws
  {
    Self.place.withLock { $0 = place }
    var table = unroll_kernels_float().pointee
    switch kernel {
    case "exp":
      table.exp = { n, x, y in
        unroll_kernels_float().pointee.exp(n, x, y)
        ArithmeticCheckTests.falsify(y)
      }
    case "lstm_forward":
      table.lstm_forward = { rows, hidden, gates, ldGates, before, ldBefore, c, ldC, h, ldH in
        unroll_kernels_float().pointee.lstm_forward(
          rows, hidden, gates, ldGates, before, ldBefore, c, ldC, h, ldH)
        ArithmeticCheckTests.falsify(h)
      }
    case "lstm_backward_steps":
      table.lstm_backward_steps = { steps in
        unroll_kernels_float().pointee.lstm_backward_steps(steps)
        ArithmeticCheckTests.falsify(steps?.pointee.dgates)
      }
    case "product":
      table.product = { m, n, k, a, aRow, aK, b, bPanel, bRow, addend, ldAddend, c, ldC in
        unroll_kernels_float().pointee.product(
          m, n, k, a, aRow, aK, b, bPanel, bRow, addend, ldAddend, c, ldC)
        ArithmeticCheckTests.falsify(c)
      }
    case "adam":
      table.adam = { n, rate, decay, decoupled, beta1, beta2, epsilon, step, g, w, m, v in
        unroll_kernels_float().pointee.adam(
          n, rate, decay, decoupled, beta1, beta2, epsilon, step, g, w, m, v)
        ArithmeticCheckTests.falsify(w)
      }
    default:
      table.softmax_cross_entropy = {
        rows, columns, logits, ldLogits, target, weights, dlogits, ldDlogits, losses, hits in
        unroll_kernels_float().pointee.softmax_cross_entropy(
          rows, columns, logits, ldLogits, target, weights, dlogits, ldDlogits, losses, hits)
        losses?[0] *= 1.01
      }
    }
    let fault = #expect(throws: ArithmeticFault.self) {
      try ArithmeticCheck.check(Float.self, table, Self.expected, of: Self.routines)
    }
    guard case .wrong(_, let routine, let got, let right)? = fault else { return }
    #expect(routine == "\(kernel) in Float32" && abs(got / right - 1.01) < 1e-4)
  }

  /// The routines that are in use here.
  @Test func whatIsInUseIsRight() throws {
    try ArithmeticCheck.run { _ in "" }
  }

  /// By definition it is right; with one element off by 1%, two interchanged or one never written it is
  /// wrong.
  @Test func aWrongProductIsFound() throws {
    func check(_ change: @escaping (inout [Float]) -> Void) throws(ArithmeticFault) {
      try BLASExercise().check(Float.self, "SGEMM", of: Self.routines) { m, n, k, a, b, c in
        let product = Matrix<Float>(rows: m, columns: n)
        product.formProductByDefinition(
          Matrix(rows: m, columns: k, a.map { Double($0) }),
          Matrix(rows: k, columns: n, b.map { Double($0) }))
        c = product.values.map { Float($0) }
        change(&c)
      }
    }
    try check { _ in }
    #expect(throws: ArithmeticFault.self) { try check { $0[5000] *= 1.01 } }
    #expect(throws: ArithmeticFault.self) { try check { $0.swapAt(3, 4) } }
    #expect(throws: ArithmeticFault.self) { try check { $0[10_402] = .nan } }
  }

  /// One line with the way out.
  @Test func faultsNameTheWayOut() {
    let crash = ArithmeticFault.crash(
      .blas(.shared, asked: "Bulldozer", others: ["Nehalem", "Haswell"]))
    #expect(crash.description.contains("chosen by OPENBLAS_CORETYPE=Bulldozer, crash"))
    #expect(
      crash.description.hasSuffix(
        "unset OPENBLAS_CORETYPE or set it to one of Nehalem, Haswell, or install another BLAS library"
      ),
      "\(crash)")
    let wrong = ArithmeticFault.wrong(
      .own("avx2", asked: false, others: ["portable"]), routine: "exp in Float32", got: 1.5,
      expected: 1)
    #expect(
      wrong.description
        == "exp in Float32 of Unroll's own kernels avx2 is wrong on this machine: 1.5 where 1.0 is "
        + "right; set UNROLL_KERNELS to one of portable, or use another machine")
  }

  /// What is written is seen in FaultyMachineTests, of the whole program.
  @Test func aCrashEndsWithTheStatus() async {
    await #expect(processExitsWith: .exitCode(3)) {
      unroll_crash_line_set("the line\n", 3)
      raise(SIGILL)
    }
    // Afterwards a crash is one again.
    await #expect(processExitsWith: .signal(SIGBUS)) {
      signal(SIGBUS, SIG_DFL)
      unroll_crash_line_set("the line\n", 3)
      unroll_crash_line_clear()
      kill(getpid(), SIGBUS)
      // Another thread may get it, while this one goes on.
      sleep(10)
    }
  }

  /// BLAS's crash is in FaultyMachineTests.
  @Test func aCrashOfAnOwnKernelIsNamed() async throws {
    let result = await #expect(
      processExitsWith: .exitCode(3), observing: [\.standardErrorContent]
    ) {
      var table = unroll_kernels_float().pointee
      table.adam = { _, _, _, _, _, _, _, _, _, _, _, _ in raise(SIGILL) }
      let own = ArithmeticRoutines.own("avx2", asked: true, others: ["portable"])
      let line = { (fault: ArithmeticFault) in "unroll: \(fault)\n" }
      try ArithmeticCheck.guarded(own, 3, line) { () throws(ArithmeticFault) in
        try ArithmeticCheck.check(Float.self, table, Self.expected, of: own)
      }
    }
    let line = String(decoding: try #require(result?.standardErrorContent), as: UTF8.self)
    #expect(
      line.contains(
        "unroll: Unroll's own kernels avx2, chosen by UNROLL_KERNELS, crash on this machine; "
          + "unset UNROLL_KERNELS or set it to one of portable, or use another machine\n"))
  }

  /// A file that is cut short while another thread reads it has a handler of its own.
  @Test func anotherThreadsBusErrorIsItsHandlers() async {
    await #expect(processExitsWith: .exitCode(7)) {
      var action = sigaction()
      #if canImport(Darwin)
        action.__sigaction_u.__sa_sigaction = { _, _, _ in _exit(7) }
      #else
        action.__sigaction_handler.sa_sigaction = { _, _, _ in _exit(7) }
      #endif
      action.sa_flags = Int32(SA_SIGINFO)
      sigaction(SIGBUS, &action, nil)
      unroll_crash_line_set("the line\n", 3)
      Thread { raise(SIGBUS) }.start()
      sleep(10)
    }
  }

  private static let place = Mutex(0)

  private static func falsify(_ values: UnsafeMutableRawPointer?) {
    values?.assumingMemoryBound(to: Float.self)[place.withLock { $0 }] *= 1.01
  }
}
