extension Matrix {
  /// Sets every element, row by row, to a number of U[0, 1) of `random`, rounded to the element type.
  ///
  /// One call for many elements, since generated tasks fill a batch in every update.
  @_specialize(where Element == Float)
  public func fillUniformly(using random: inout RandomNumbers) {
    // A column, as of one sequence of a batch, is a line whose elements lie `stride` apart.
    let (lines, length, step) = columns == 1 ? (1, rows, stride) : (rows, columns, 1)
    // Copied, so that the state stays in registers.
    var numbers = random
    withPointers(to: self) { start in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.drawnAtOnce) { drawn in
        guard let source = drawn.baseAddress else { return }
        for line in 0..<lines {
          for first in Swift.stride(from: 0, to: length, by: Self.drawnAtOnce) {
            let count = min(Self.drawnAtOnce, length - first)
            for i in 0..<count { source[i] = numbers.uniform() }
            Element.backend.spreadDoubles(
              count, source, start + line * stride + first * step, step)
          }
        }
      }
    }
    random = numbers
  }

  /// So few that they lie on the stack.
  private static var drawnAtOnce: Int { 128 }
}
