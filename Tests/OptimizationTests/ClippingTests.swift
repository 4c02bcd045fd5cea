import Foundation
import Testing
import UnrollDenseMath

@testable import UnrollOptimization

@Suite struct ClippingTests {
  private func gradient(_ values: Double...) -> Matrix<Double> {
    Matrix(rows: 1, columns: values.count, values)
  }

  static let every: [Clipping] =
    Clipping.rules.flatMap { [$0.make(0.01), $0.make(1), $0.make(100)] } + [.none, .auto(0)]

  @Test func theNormIsThatBeforeClipping() {
    for clipping in Self.every {
      #expect(clipping.apply(to: gradient(3, -4)).norm == 5)
    }
  }

  @Test func aLongGradientIsScaledToTheThreshold() {
    let long = gradient(3, 0, -4)
    #expect(Clipping.norm(2.5).apply(to: long) == .init(norm: 5, changed: true))
    #expect(long.values == [1.5, 0, -2])
    // Below and at the threshold nothing changes.
    for limit in [5, 5.1] {
      let short = gradient(3, -4)
      #expect(Clipping.norm(limit).apply(to: short) == .init(norm: 5, changed: false))
      #expect(short.values == [3, -4])
    }
  }

  @Test func elementsAreClamped() {
    let clamped = gradient(3, -0.5, -4, 1)
    #expect(Clipping.value(1).apply(to: clamped).changed)
    #expect(clamped.values == [1, -0.5, -1, 1])
    let small = gradient(0.5, -1, 1)
    #expect(!Clipping.value(1).apply(to: small).changed)
    #expect(small.values == [0.5, -1, 1])
  }

  @Test func noneChangesNothing() {
    let large = gradient(1e200, -1e200)
    #expect(Clipping.none.apply(to: large).changed == false)
    #expect(large.values == [1e200, -1e200])
  }

  /// Squares of these would over- and underflow.
  @Test func extremeNormsAreRight() {
    let huge = gradient(3e200, 4e200)
    let outcome = Clipping.norm(1).apply(to: huge)
    #expect(abs(outcome.norm / 5e200 - 1) < 1e-15 && outcome.changed)
    #expect(abs(huge[0, 0] - 0.6) < 1e-15 && abs(huge[0, 1] - 0.8) < 1e-15)
    let tiny = Clipping.norm(1).apply(to: gradient(3e-200, 4e-200))
    #expect(abs(tiny.norm / 5e-200 - 1) < 1e-15 && !tiny.changed)
  }

  @Test func whatIsNotFiniteIsReportedAndLeftAlone() {
    for clipping in Self.every {
      let infinite = gradient(5, .infinity)
      #expect(clipping.apply(to: infinite) == .init(norm: .infinity, changed: false))
      #expect(infinite.values == [5, .infinity])
      let outcome = clipping.apply(to: gradient(5, .nan))
      #expect(outcome.norm.isNaN && !outcome.changed)
    }
  }

  @Test func float32IsClippedLikewise() {
    let long = Matrix<Float>(rows: 1, columns: 2, [3, -4])
    #expect(Clipping.norm(1).apply(to: long) == .init(norm: 5, changed: true))
    #expect(abs(long.norm - 1) < 1e-7)
  }

  @Test(arguments: [
    ("none", Clipping.none), ("norm:1", .norm(1)), ("norm:0.25", .norm(0.25)),
    ("value:5", .value(5)), ("norm:1e-20", .norm(1e-20)),
    ("tensor:0.5", .tensor(0.5)), ("state:10", .state(10)), ("agc:0.01", .agc(0.01)),
    ("auto:10", .auto(10)), ("auto:0", .auto(0)), ("auto:100", .auto(100)),
    ("auto:62.5", .auto(62.5)),
  ])
  func formsAreReadAndWrittenBack(text: String, clipping: Clipping) throws {
    #expect(try Clipping(text) == clipping)
    #expect(clipping.description == text)
    #expect(try Clipping(clipping.description) == clipping)
  }

  /// What help and errors name is what is read.
  @Test func everyFormIsNamed() {
    for clipping in Self.every {
      let name = clipping.description.prefix { $0 != ":" }
      #expect(Clipping.accepted.contains(name + (clipping == .none ? "" : ":")))
    }
  }

  @Test func theRefusalSaysWhatIsAcceptedInOneLine() {
    let error = InvalidSetting(value: "max:\n1", accepted: Clipping.accepted)
    #expect(error.localizedDescription == "\(error)")
    #expect("\(error)" == #"'max:\n1': must be "# + Clipping.accepted)
  }

  /// A row makes its own rule and describes it on one line.
  @Test func everyRowIsItsRules() throws {
    for rule in Clipping.rules {
      let clipping = rule.make(0.5)
      #expect(clipping.name == rule.name && clipping.threshold == 0.5)
      #expect(clipping == (try Clipping("\(rule.name):0.5")))
      #expect((clipping.stateLimit != nil) == rule.isRecurrent)
      for text in [rule.summary, rule.formula] {
        #expect(!text.isEmpty && !text.contains(where: \.isNewline))
        #expect(Clipping.formulas.contains(text))
      }
      #expect(Clipping.summary.contains("\(rule.form) (\(rule.summary))"))
    }
    #expect(Set(Clipping.rules.map(\.name)).count == Clipping.rules.count)
  }

  @Test func aBareNumberIsANorm() throws {
    #expect(try Clipping("0.5") == .norm(0.5))
    #expect(try Clipping("1e1") == .norm(10))
    #expect(Clipping.norm(10).threshold == 10 && Clipping.none.threshold == nil)
  }

  @Test(arguments: [
    "", ":", "norm", "norm:", "norm:-1", "norm:0", "norm:nan", "norm:inf", "norm:1:2", "max:1",
    "-1", "0", "nan", "inf", "none:1", "1:norm", "NONE", "value:-2", " none",
    "tensor:0", "state:-1", "agc:0", "agc", "auto", "auto:", "auto:-1", "auto:100.5", "auto:nan",
    "2x", "norm:2x",
  ])
  func otherFormsAreRefused(text: String) {
    let rule = Clipping.rules.first { text.hasPrefix($0.name + ":") }
    let accepted = rule.map { rule in
      rule.name == "auto" ? "auto:p with 0 ≤ p ≤ 100" : "\(rule.form) with \(rule.symbol) > 0"
    }
    #expect(throws: InvalidSetting(value: text, accepted: accepted ?? Clipping.accepted)) {
      try Clipping(text)
    }
  }
}

extension Clipping {
  /// Clips `gradient` in place as the first of a single parameter, a vector that is zero.
  fileprivate func apply<Element: Scalar>(to gradient: Matrix<Element>) -> Outcome {
    var layout = ParameterLayout()
    layout.append("parameter", gradient.count)
    return makeClipper(for: layout, chunk: gradient.count, as: Element.self).apply(
      to: gradient, weights: Matrix(rows: gradient.rows, columns: gradient.columns))
  }
}
