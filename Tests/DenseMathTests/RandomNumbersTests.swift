import Foundation
import Testing

@testable import UnrollDenseMath

@Suite struct RandomNumbersTests {
  /// xoshiro256++ from the state (1, 2, 3, 4): the first outputs of the authors' reference code.
  @Test func matchesTheAuthorsCode() {
    var random = RandomNumbers(state: (1, 2, 3, 4))
    let expected: [UInt64] = [
      41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386,
      9_228_616_714_210_784_205, 9_973_669_472_204_895_162,
    ]
    #expect(expected.map { _ in random.next() } == expected)
  }

  @Test func seedsAndKeysNameDifferentStreams() {
    var seen: Set<UInt64> = []
    for seed in 0..<20 as Range<UInt64> {
      for key in 0..<20 as Range<UInt64> {
        var random = RandomNumbers(seed: seed, key, 1)
        seen.insert(random.next())
      }
    }
    #expect(seen.count == 400)
    #expect(RandomNumbers(seed: 3, 4) == RandomNumbers(seed: 3, 4))
  }

  /// Mean and variance of n = 100,000 draws within 5 standard errors.
  @Test func momentsAreRight() {
    var random = RandomNumbers(seed: 9)
    let n = 100_000
    let normal = (0..<n).map { _ in random.normal() }
    let uniform = (0..<n).map { _ in random.uniform() }
    func moments(_ x: [Double]) -> (Double, Double) {
      let mean = x.reduce(0, +) / Double(n)
      return (mean, x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n))
    }
    #expect(abs(moments(normal).0) < 5 / Double(n).squareRoot())
    #expect(abs(moments(normal).1 - 1) < 5 * (2 / Double(n)).squareRoot())
    #expect(abs(moments(uniform).0 - 0.5) < 5 * (1 / 12.0 / Double(n)).squareRoot())
    #expect(abs(moments(uniform).1 - 1 / 12.0) < 5 * (1 / 180.0 / Double(n)).squareRoot())
    #expect(uniform.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(normal.allSatisfy { $0.isFinite })
  }

  /// Q of size ≤ 33 is orthonormal to some 33 units of 2.2e-16.
  @Test(arguments: [(1, 1), (5, 5), (33, 33), (7, 3), (3, 7)])
  func orthonormalMatrices(_ rows: Int, _ columns: Int) {
    var random = RandomNumbers(seed: 2)
    let q = Matrix<Double>.randomOrthonormal(rows: rows, columns: columns, using: &random)
    let size = min(rows, columns)
    let gram = Matrix<Double>(rows: size, columns: size)
    gram.formProduct(q, q, transposing: rows >= columns ? .left : .right)
    for row in 0..<size {
      for column in 0..<size {
        #expect(abs(gram[row, column] - (row == column ? 1 : 0)) < 1e-14)
      }
    }
  }

  /// The signs of a 1 × 1 orthonormal matrix are ±1 with equal chance: 1,000 draws, 5 errors.
  @Test func orthonormalSignsAreFair() {
    var random = RandomNumbers(seed: 4)
    let plus = (0..<1000).count { _ in
      Matrix<Double>.randomOrthonormal(rows: 1, columns: 1, using: &random)[0, 0] > 0
    }
    #expect(abs(Double(plus) - 500) < 5 * 250.0.squareRoot())
  }

  /// A stream of two keys is the one that any number of keys names.
  @Test func keysNameOneStream() {
    let keys: [UInt64] = [7, 9]
    var mixed = RandomNumbers(seed: 5, keys[0], keys[1], 0)
    var two = RandomNumbers(seed: 5, keys[0], keys[1])
    #expect(two != mixed)
    // From the definition: SplitMix64 over the seed, then over each key.
    var root = split(5)
    for key in keys { root = split(root &* 0x2545_F491_4F6C_DD1D &+ key) }
    var state = root
    var expected: [UInt64] = []
    for _ in 0..<4 {
      expected.append(split(state))
      state &+= 0x9E37_79B9_7F4A_7C15
    }
    var same = RandomNumbers(state: (expected[0], expected[1], expected[2], expected[3]))
    #expect(two == same)
    #expect(two.next() == same.next() && mixed.next() != two.next())
  }

  /// SplitMix64's first number after `state`.
  private func split(_ state: UInt64) -> UInt64 {
    var z = state &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A matrix is filled with the numbers that the generator gives one by one: more than are drawn at
  /// once, in rows, in a column, and in a part with gaps; the generator goes on behind them.
  @Test(arguments: [(2, 300, 0..<300), (300, 3, 1..<2), (5, 7, 2..<6), (0, 3, 0..<3)])
  func matricesAreFilledInOrder(rows: Int, columns: Int, part: Range<Int>) {
    func check<Element: Scalar>(_ type: Element.Type) {
      let matrix = Matrix<Element>(rows: rows, columns: columns)
      matrix.fill(-1)
      var (random, expected) = (RandomNumbers(seed: 3), RandomNumbers(seed: 3))
      matrix.columns(part).fillUniformly(using: &random)
      for row in 0..<rows {
        for column in 0..<columns {
          #expect(
            matrix[row, column] == (part.contains(column) ? Element(expected.uniform()) : -1))
        }
      }
      #expect(random == expected)
    }
    check(Float.self)
    check(Double.self)
  }
}
