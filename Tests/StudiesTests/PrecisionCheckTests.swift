import CUnrollVectorKernels
import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollStudies

/// The check of Float32 against Float64.
@Suite struct PrecisionCheckTests {
  private static let sizes = CheckSizes(hidden: 37)

  @Test func everyCaseAgrees() {
    for check in CheckCase.all(of: CheckCase.allCells, sizes: Self.sizes) {
      let result = check.run(seed: 1, method: .precisions)
      #expect(result.isOK, "\(check.name): \(result.error) in \(result.worstTensor ?? "all")")
    }
    for check in RegularizerCheckCase.all(of: CheckCase.allCells, sizes: Self.sizes) {
      let result = check.run(seed: 1, method: .precisions)
      #expect(result.isOK, "\(check.name): \(result.error) in \(result.worstTensor ?? "all")")
    }
    for check in FeedForwardCheckCase.all {
      let result = check.run(seed: 1, method: .precisions)
      #expect(result.isOK, "\(check.name): \(result.error) in \(result.worstTensor ?? "all")")
    }
  }

  private static func failures(_ cell: String) -> Int {
    let cells = CheckCase.allCells.filter { $0.label.hasPrefix(cell) }
    return CheckCase.all(of: cells, sizes: sizes)
      .count { !$0.run(seed: 1, method: .precisions).isOK }
  }

  /// In one element of one of the steps, by 1%: the first of whole vectors, and the last of the rest.
  @Test func aWrongKernelFails() async {
    await #expect(processExitsWith: .success) {
      precondition(PrecisionCheckTests.failures("lstm") == 0)
      WrongKernel.install(\.lstm_forward_steps) { steps in
        WrongKernel.original.lstm_forward_steps(steps)
        guard let steps = steps?.pointee, let h = steps.h else { return }
        // The state after the first step.
        let first = h.assumingMemoryBound(to: Float.self) + steps.rows * steps.ld_h
        first[WrongKernel.place] *= 1.01
      }
      for place in [0, 36] {
        WrongKernel.place = place
        precondition(PrecisionCheckTests.failures("lstm") > 0, "no case failed for \(place)")
      }
    }
  }

  @Test func aWrongBackwardKernelFails() async {
    await #expect(processExitsWith: .success) {
      WrongKernel.place = 40
      WrongKernel.install(\.gru_backward_steps) { steps in
        WrongKernel.original.gru_backward_steps(steps)
        guard let dgates = steps?.pointee.dgates else { return }
        dgates.assumingMemoryBound(to: Float.self)[WrongKernel.place] *= 1.01
      }
      precondition(PrecisionCheckTests.failures("gru") > 0, "no case failed")
    }
  }
}

/// Puts a wrong kernel into this process's table for Float32, which is constant otherwise. For processes
/// that a test starts.
private enum WrongKernel {
  nonisolated(unsafe) static var original = unroll_kernels()
  nonisolated(unsafe) static var place = 0

  static func install<Kernel>(_ member: WritableKeyPath<unroll_kernels, Kernel>, _ kernel: Kernel) {
    guard let address = unroll_kernels_float() else { preconditionFailure("no kernels") }
    original = address.pointee
    let page = Int(getpagesize())
    let start = Int(bitPattern: address) / page * page
    let end = Int(bitPattern: address + 1)
    let isWritable =
      mprotect(UnsafeMutableRawPointer(bitPattern: start), end - start, PROT_READ | PROT_WRITE) == 0
    precondition(isWritable, "the table cannot be changed")
    UnsafeMutablePointer(mutating: address).pointee[keyPath: member] = kernel
  }
}
