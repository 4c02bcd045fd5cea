import UnrollDenseMath

/// h_j = max_k u^k_j over K pieces, which stand side by side: u is [B, K·N], h [B, N]. The gradient
/// goes to the piece that is the largest, of equal ones to the first.
final class Maxout<Element: Scalar> {
  private let pieces: Int
  /// 1 where a piece is the largest, otherwise 0: [B, K·N].
  let winners: Matrix<Element>
  /// What a piece has more than the largest before it; whether that is positive, and is not.
  private let excess: Matrix<Element>
  private let wins: Matrix<Element>
  private let loses: Matrix<Element>
  private let ones: Matrix<Element>

  init(rows: Int, width: Int, pieces: Int) {
    self.pieces = pieces
    winners = Matrix(rows: rows, columns: pieces * width)
    excess = Matrix(rows: rows, columns: width)
    wins = Matrix(rows: rows, columns: width)
    loses = Matrix(rows: rows, columns: width)
    ones = Matrix(rows: rows, columns: width)
    ones.fill(1)
  }

  func forward(_ inputs: Matrix<Element>, into outputs: Matrix<Element>) {
    outputs.assign(piece(0, of: inputs))
    piece(0, of: winners).fill(1)
    for index in 1..<pieces {
      let next = piece(index, of: inputs)
      excess.assign(next)
      excess.add(outputs, scale: -1)
      wins.applyDerivative(of: .relu, preActivations: excess, outputs: excess, gradient: ones)
      loses.assign(ones)
      loses.add(wins, scale: -1)
      for earlier in 0..<index { piece(earlier, of: winners).multiplyElements(by: loses) }
      piece(index, of: winners).assign(wins)
      // A choice, not a sum with the excess, which would round; NaN stays NaN.
      outputs.multiplyElements(by: loses)
      wins.multiplyElements(by: next)
      outputs.addElements(of: wins)
    }
  }

  /// `inputGradient` = ∂L/∂u for `gradient` = ∂L/∂h.
  func backward(_ gradient: Matrix<Element>, into inputGradient: Matrix<Element>) {
    inputGradient.assign(winners)
    for index in 0..<pieces { piece(index, of: inputGradient).multiplyElements(by: gradient) }
  }

  /// [B, N].
  private func piece(_ index: Int, of matrix: Matrix<Element>) -> Matrix<Element> {
    matrix.columns(index * ones.columns..<(index + 1) * ones.columns)
  }
}
