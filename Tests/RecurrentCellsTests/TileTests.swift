import Testing
import UnrollDenseMath
import UnrollOptimization

@testable import UnrollRecurrentCells

/// Windows of several tiles of time against windows of one.
@Suite struct TileTests {
  /// A window of 17 rows goes in tiles of 15 steps, its rows alone in one tile of 33 each: hidden
  /// states and gradients by input and state lie side by side, loss and gradients by parameters add
  /// up. In Float64; only the order of sums differs, of up to 3,000 terms that may cancel: 1.1e-14 of a
  /// tensor's largest element was seen, 1e-13 is accepted.
  @Test(arguments: ["rnn", "rnn/activation=prelu", "lstm", "gru"], FusedRunTests.inputs)
  func tilesAddUp(_ text: String, _ input: InputKind) throws {
    let specification = try CellSpecification(parsing: text)
    let configuration = ModelConfiguration(
      input: input, target: .values(2), hidden: 6, layers: 2, learnsInitialState: true)
    let model = RecurrentModel(specification, configuration)
    let passes = WindowPasses(model, WindowPasses<Double>.parameters(model, specification))
    let (rows, steps) = (17, 33)
    func results(_ rows: [Int]) -> [WindowPasses<Double>.Result] {
      passes.results(WindowPasses.batch(configuration, steps: steps, rows: rows))
    }
    let parameters = Set(model.layout.entries.flatMap { ["\($0.name) 0", "\($0.name) 1"] })
    let whole = results(Array(0..<rows))
    let alone = (0..<rows).map { results([$0]) }
    for (index, (name, values)) in whole.enumerated() {
      let parts = alone.map { $0[index].values }
      #expect(alone.allSatisfy { $0[index].name == name })
      let wanted: [Double]
      if parameters.contains(name) || name.hasPrefix("loss") {
        wanted = parts[0].indices.map { place in parts.reduce(0) { $0 + $1[place] } }
      } else {
        // Row r of step t follows row r − 1 of step t.
        let width = values.count / rows / (name.hasPrefix("h ") || name.hasPrefix("x ") ? steps : 1)
        wanted = values.indices.map { place in
          let (row, column) = (place / width % rows, place % width)
          return parts[row][place / width / rows * width + column]
        }
      }
      let error = relativeError(values, wanted)
      #expect(error <= 1e-13, "\(name): \(error)")
    }
  }

  /// However many share the work of laying out changed weights, they give what weights laid out
  /// anew by one give.
  @Test(arguments: CellKind.builtIn.map(\.name), FusedRunTests.inputs)
  func sharedLayoutIsTheSame(_ text: String, _ input: InputKind) throws {
    let specification = try CellSpecification(parsing: text)
    let configuration = ModelConfiguration(input: input, target: .values(1), hidden: 70, layers: 2)
    let model = RecurrentModel(specification, configuration)
    let batch = WindowPasses<Float>.batch(configuration, steps: 3, rows: [0, 1])
    let changed = WindowPasses<Float>.parameters(model, specification)
    let wanted = WindowPasses(model, changed).results(batch)
    for parts in [2, 3, 20] {
      let shared = WindowPasses(model, Parameters<Float>(model.layout))
      shared.weights.parameters.values.assign(changed.values)
      for part in 0..<parts { shared.weights.refresh(part: part, of: parts) }
      for (got, wanted) in zip(shared.results(batch), wanted) {
        #expect(got.values == wanted.values, "\(wanted.name) in \(parts) parts")
      }
    }
  }
}
