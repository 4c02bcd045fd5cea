import Testing
import UnrollDenseMath

/// Mistakes by a programmer end the program with the operation, what was expected and what was given,
/// in release builds too.
@Suite struct RequirementTests {
  @Test func anElementOutsideTheMatrixIsNamed() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Matrix<Float>(rows: 2, columns: 3)[2, 1]
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(printed.contains("expected an element of 2 × 3, got (2, 1)"))
    #expect(printed.contains("Matrix.swift"))
  }

  @Test func shapesThatDoNotFitAreNamed() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      Matrix<Double>(rows: 2, columns: 2).assign(Matrix(rows: 3, columns: 1))
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(printed.contains("assign(_:): expected 2 × 2, got 3 × 1"))
  }

  @Test func oneOfSeveralMatricesIsNamed() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let (small, large) = (Matrix<Float>(rows: 2, columns: 2), Matrix<Float>(rows: 2, columns: 4))
      small.applyDerivative(of: .tanh, preActivations: small, outputs: large, gradient: small)
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      printed.contains(
        "applyDerivative(of:slope:preActivations:outputs:gradient:): expected outputs 2 × 2, got 2 × 4"
      ))
  }

  /// What needs a matrix without gaps says how to get one.
  @Test func gapsAreNamed() async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = Matrix<Float>(rows: 4, columns: 32).columns(0..<8).reshaped(rows: 1, columns: 32)
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(
      printed.contains(
        "reshaped(rows:columns:): expected a contiguous matrix, got 4 × 8 with stride 32; copy() makes one"
      ))
  }
}
