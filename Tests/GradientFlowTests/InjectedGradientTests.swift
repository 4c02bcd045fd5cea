import Foundation
import Testing
import UnrollDenseMath
import UnrollFileFormats
import UnrollOptimization
import UnrollTestSupport

@testable import UnrollGradientFlow
@testable import UnrollRecurrentCells

/// Batches that have the gradient by outputs and final states in place of targets.
@Suite struct InjectedGradientTests {
  static let cases = ["rnn", "lstm", "gru"].flatMap { cell in
    ["final", "pooled"].map { (cell: cell, entering: $0) }
  }

  /// A model without a readout, and what autograd says of it (tools/reference/injected.py).
  private struct Golden {
    let file: SafetensorsFile
    let name: String
    let model: RecurrentModel
    let parameters: Parameters<Double>
    let batch: Batch<Double>

    init(_ cell: String, entering: String) throws {
      let url = try #require(
        Bundle.module.url(forResource: "Goldens/injected", withExtension: "safetensors"))
      let file = try SafetensorsFile(path: url.path)
      let shape = try file.shape(of: "x")
      (self.file, name) = (file, "\(cell)/\(entering)")
      model = RecurrentModel(
        try CellSpecification(parsing: cell),
        ModelConfiguration(input: .values(shape[2]), target: .values(0), hidden: 5, layers: 2))
      parameters = Parameters(model.layout)
      for entry in model.layout.entries {
        parameters[entry].assign(try file.doubles("\(cell)/\(entry.name)"))
      }
      batch = Batch(
        BatchShape(
          timeSteps: shape[0], rows: shape[1], input: .values(shape[2]), target: .values(0),
          supervised: 0..<0))
      batch.inputs.assign(try file.doubles("x"))
      let rows = shape[1]
      func states(_ name: String) throws -> [Matrix<Double>]? {
        guard file.contains("\(cell)/\(name)") else { return nil }
        let values = try file.doubles("\(cell)/\(name)")
        return (0..<2).map {
          Matrix(rows: rows, columns: 5, Array(values[$0 * rows * 5..<($0 + 1) * rows * 5]))
        }
      }
      batch.stateGradients = StateGradients(
        outputs: entering == "final"
          ? nil : Matrix(rows: shape[0] * rows, columns: 5, try file.doubles("\(cell)/g")),
        finalHidden: try states("g_h"), finalCell: try states("g_c"),
        lastSteps: Array(repeating: shape[0] - 1, count: rows))
    }

    func doubles(_ name: String) throws -> [Double] { try file.doubles("\(self.name)/\(name)") }
  }

  /// Every path of every cell; a dozen products of five units, some hundred units of 2.2e-16.
  @Test(arguments: cases) func curvesAreAutograds(cell: String, entering: String) throws {
    let golden = try Golden(cell, entering: entering)
    let found = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
    #expect(found.loss == nil)
    let paths = cell == "lstm" ? 3 : 2
    #expect(found.curves.count == 2 * paths * (entering == "pooled" ? 2 : 1))
    for curve in found.curves {
      let wanted = try golden.doubles("\(curve.pathName)_l\(curve.layer)")
      expectClose(curve.norms.flatMap(\.self), wanted, within: 1e-13)
      let several: GradientEntry =
        curve.pathName.hasSuffix("_last") ? .lastOfSeveral : .severalSteps
      #expect(curve.entry == (entering == "pooled" ? several : .once))
    }
    let metered = DecayMeter(golden.model, batch: golden.batch, threads: 2).curves(
      under: golden.parameters)
    for (one, other) in zip(found.curves, metered) {
      #expect(one.pathName == other.pathName && one.entry == other.entry)
      expectClose(one.norms.flatMap(\.self), other.norms.flatMap(\.self), within: 1e-13)
    }
  }

  /// No factor is taken out: the contributions add up to the gradient of the loss itself.
  @Test(arguments: cases) func contributionsAreAutograds(cell: String, entering: String) throws {
    let golden = try Golden(cell, entering: entering)
    let found = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
    #expect(found.contributions.count == 4)
    for curve in found.contributions {
      let wanted = try golden.doubles("\(curve.weight.rawValue)_l\(curve.layer)")
      expectClose(curve.norms, wanted, within: 1e-13)
      #expect(curve.fit.verdict == .injected || entering == "final")
    }
  }

  @Test(arguments: cases) func truncationIsAutograds(cell: String, entering: String) throws {
    let golden = try Golden(cell, entering: entering)
    let curves = DecayCurve.measure(golden.model, golden.parameters, batch: golden.batch)
    let found = TruncationBias.measure(
      golden.model, golden.parameters, batch: golden.batch, cuts: [1, 2, 5, 12], curves: curves)
    #expect(found.count == 4 * (golden.model.layout.entries.count + 1))
    for bias in found {
      let wanted = try golden.doubles("cut_\(bias.steps)/\(bias.parameter)")
      // As in TruncationBiasTests; PyTorch has NaN where a gradient is zero.
      for (x, y) in zip([bias.cosine, bias.normRatio, bias.relativeBias], wanted) {
        if y.isNaN { #expect(x == nil) } else { #expect(abs(try #require(x) - y) < 1e-12) }
      }
    }
  }

  /// The gates are set beside what enters last, since what enters before moves the other curve too.
  @Test func gatesStandBesideWhatEntersLast() throws {
    for (entering, path) in [("final", "c"), ("pooled", "c_last")] {
      let golden = try Golden("lstm", entering: entering)
      let found = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
      for gates in found.gates {
        #expect(gates.pathName == path)
        let curve = try #require(
          found.curves.first { $0.pathName == path && $0.layer == gates.layer })
        let decays = curve.means.map { log($0 / curve.means[0]) }
        #expect(zip(gates.logDecays, decays).allSatisfy { abs($0 - $1) < 1e-12 })
      }
    }
  }

  // MARK: Rows of different lengths, over several tiles

  private static let lengths = [300, 128, 127, 129, 3, 255]

  /// Rows numbered `rows` of 300 steps, the same data for a row whatever rows are beside it. A tile
  /// holds 256 rows or more, so that this batch has several.
  private func batch(_ rows: [Int], hasCell: Bool, hidden: Int = 4) -> Batch<Double> {
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 300, rows: rows.count, input: .values(2), target: .values(0),
        supervised: 0..<0))
    let outputs = Matrix<Double>(rows: 300 * rows.count, columns: hidden)
    func states() -> [Matrix<Double>] {
      (0..<2).map { _ in Matrix(rows: rows.count, columns: hidden) }
    }
    let (finalHidden, finalCell) = (states(), states())
    for (place, row) in rows.enumerated() {
      var random = RandomNumbers(seed: 7, UInt64(row))
      for step in 0..<300 {
        for column in 0..<2 { batch.inputs[step * rows.count + place, column] = random.normal() }
        for column in 0..<hidden where step < Self.lengths[row] {
          outputs[step * rows.count + place, column] = random.normal()
        }
      }
      for matrix in finalHidden + finalCell {
        for column in 0..<hidden { matrix[place, column] = random.normal() }
      }
    }
    batch.stateGradients = StateGradients(
      outputs: outputs, finalHidden: finalHidden, finalCell: hasCell ? finalCell : nil,
      lastSteps: rows.map { Self.lengths[$0] - 1 })
    return batch
  }

  /// Each row enters, and has its lag 0, at its own last step: alone it has the same norms, but for the
  /// order of sums in products of other sizes.
  @Test(arguments: CellKind.builtIn + [CellKind(ChoGRU())])
  func rowsAreMeasuredEachForItself(_ kind: CellKind) throws {
    let specification = CellSpecification(kind)
    let model = RecurrentModel(
      specification,
      ModelConfiguration(input: .values(2), target: .values(0), hidden: 4, layers: 2))
    let hasCell = model.cell.hasCellState
    let parameters: Parameters<Double> = model.initialParameters(.xavier, seed: 2)
    let together = DecayCurve.measure(
      model, parameters, batch: batch(Array(0..<6), hasCell: hasCell))
    // Furthest back first.
    for (place, row) in [0, 5, 3, 1, 2, 4].enumerated() {
      let single = batch([row], hasCell: hasCell)
      let alone = DecayCurve.measure(model, parameters, batch: single)
      #expect(alone.count == together.count)
      for (whole, one) in zip(together, alone) {
        #expect(one.count == Self.lengths[row])
        for lag in 0..<one.count {
          let (x, y) = (whole.norms[lag][place], one.norms[lag][0])
          #expect(abs(x - y) <= 1e-12 * y, "\(whole.pathName), row \(row), lag \(lag)")
        }
      }
    }
  }

  /// Cut behind its end nothing is left out, and after one step what that step alone adds: its
  /// contribution, for rows that all end together.
  @Test func aCutLeavesTheLastStepsContribution() throws {
    let golden = try Golden("gru", entering: "pooled")
    let found = GradientMeasurement.measure(golden.model, golden.parameters, batch: golden.batch)
    let whole = Parameters<Double>(golden.model.layout)
    let workspace = SequenceWorkspace<Double>(model: golden.model, capacity: 12, rows: 3)
    workspace.passOverSequences(
      PackedParameters(golden.model, golden.parameters), golden.batch, into: whole, observer: nil)
    let biases = TruncationBias.measure(
      golden.model, golden.parameters, batch: golden.batch, cuts: [1, 99], curves: found.curves)
    for bias in biases where bias.steps == 99 { #expect(bias.relativeBias == 0) }
    for curve in found.contributions {
      let name = "\(curve.weight.rawValue)_l\(curve.layer)"
      let ratio = try #require(biases.first { $0.steps == 1 && $0.parameter == name }?.normRatio)
      #expect(abs(ratio - curve.norms[0] / whole[name].norm) < 1e-13)
    }
  }

  // MARK: Where gradient enters

  @Test func theLastEntriesAreEachRowsOwn() {
    let outputs = Matrix<Double>(rows: 4 * 2, columns: 1, [0, 3, 1, 0, 2, 0, 0, 0])
    let given = StateGradients(outputs: outputs, lastSteps: [3, 2])
    #expect(given.entrySteps(ofRow: 0) == [1, 2] && given.entrySteps(ofRow: 1) == [0])
    // Nothing enters at step 3 of the one and 2 of the other.
    #expect(given.lastEntries.outputs?.values == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(given.entryLags == [1, 2])
    let ending = StateGradients(outputs: outputs, lastSteps: [2, 2])
    #expect(ending.lastEntries.outputs?.values == [0, 0, 0, 0, 2, 0, 0, 0])
    #expect(ending.entryLags == [0, 1, 2])
    let states = StateGradients(
      outputs: outputs, finalHidden: [Matrix(rows: 2, columns: 1, [0, 5])], lastSteps: [3, 2])
    #expect(states.entrySteps(ofRow: 0) == [1, 2] && states.entrySteps(ofRow: 1) == [0, 2])
    #expect(states.lastEntries.outputs?.values == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(states.entryLags == [0, 1, 2])
    #expect(states.lastEntries.finalHidden?[0].values == [0, 5])
  }

  /// The part of the loss at every step that is read last enters last: its curve is that of the loss at
  /// the last step, with its share in the mean.
  @Test func theLossAtEveryStepIsInjected() throws {
    let specification = try CellSpecification(parsing: "lstm")
    let model = RecurrentModel(
      specification, ModelConfiguration(input: .values(2), target: .values(1), hidden: 5))
    let parameters: Parameters<Double> = model.initialParameters(specification, seed: 1)
    let batch = Batch<Double>(
      BatchShape(
        timeSteps: 12, rows: 2, input: .values(2), target: .values(1), supervised: 2..<12))
    var random = RandomNumbers(seed: 5)
    batch.inputs.assign((0..<batch.inputs.count).map { _ in random.normal() })
    batch.targets.assign((0..<batch.targets.count).map { _ in random.normal() })
    let last = GradientMeasurement.measure(model, parameters, batch: batch, lossAt: .last)
    let all = GradientMeasurement.measure(model, parameters, batch: batch, lossAt: .all)
    #expect(all.curves.map(\.pathName) == ["h", "c", "state", "h_last", "c_last", "state_last"])
    for (whole, part) in zip(all.curves.prefix(3), all.curves.suffix(3)) {
      #expect(DecayFit(whole).verdict == .injected && DecayFit(whole).horizon == nil)
      let single = try #require(last.curves.first { $0.path == part.path })
      // Ten steps have a target.
      expectClose(part.means.map { 10 * $0 }, single.means, within: 1e-13)
      expectClose([part.means[0]], [whole.means[0]], within: 1e-13)
      #expect(DecayFit(part).verdict == DecayFit(single).verdict)
    }
    // The losses that are differentiated: the means over rows of each row's own, here of as many
    // targets. Twenty terms are added in another order, and each weight is rounded.
    let workspace = SequenceWorkspace<Double>(model: model, capacity: 12, rows: 2)
    func meanLoss(_ mask: Matrix<Double>, targets: Double) -> Double {
      workspace.passOverSequences(
        PackedParameters(model, parameters), batch.copy(ofRows: 0..<2, lossMask: mask), into: nil,
        observer: nil
      ).loss / targets
    }
    let atEnd = batch.lossMask.copy()
    atEnd.slice(0..<18).fill(0)
    expectClose([try #require(all.loss)], [meanLoss(batch.lossMask, targets: 20)], within: 1e-14)
    expectClose([try #require(last.loss)], [meanLoss(atEnd, targets: 2)], within: 1e-14)
    let once = Batch<Double>(
      BatchShape(
        timeSteps: 12, rows: 2, input: .values(2), target: .values(1), supervised: 11..<12))
    once.inputs.assign(batch.inputs.values)
    #expect(
      GradientMeasurement.measure(model, parameters, batch: once, lossAt: .all).curves.allSatisfy {
        $0.entry == .once
      })
  }
}
