import Testing
import UnrollDenseMath

/// Mistakes by a programmer end the program with what was expected and what was given, in release
/// builds too.
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
    #expect(printed.contains("expected 2 × 2, got 3 × 1"))
  }
}
