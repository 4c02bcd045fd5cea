import Testing
import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

@testable import UnrollCommands

struct CellsCommandTests {
  private let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Every name that an option accepts, by the list that has it.
  private let expected: [(key: String, names: [String])] = [
    ("cells", CellKind.builtIn.map(\.name)),
    ("activations", Activation.forms.map(\.text)),
    ("initializers", Initializer.forms.map(\.text)),
    ("optimizers", OptimizerKind.allCases.map(\.rawValue)),
    ("clipping_rules", Clipping.rules.map(\.form)),
  ]

  @Test func everyChoiceIsListedWithinEightyColumns() {
    let outcome = runs.run(["cells"])
    #expect(outcome.status == .done && outcome.errors.isEmpty)
    for name in expected.flatMap(\.names) { #expect(outcome.out.contains("\n  \(name) ")) }
    for line in outcome.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(outcome.out.contains("h_t = f(W_ih x_t"))
    #expect(outcome.out.contains("Glorot & Bengio 2010"))
  }

  @Test func jsonHasAFormulaAndASourceForEach() throws {
    let json = runs.run(["cells", "--json"]).json
    for (key, names) in expected {
      let choices = try #require(json[key]?.array)
      #expect(choices.map { $0["name"]?.string } == names)
      for choice in choices {
        #expect(choice["formula"]?.string?.isEmpty == false, "\(choice)")
        #expect(choice["source"]?.string?.isEmpty == false, "\(choice)")
      }
    }
  }

  @Test func helpHasTheFormulasOfTheInitializers() {
    let words = runs.run(["help", "train"]).out.split { $0.isWhitespace }.joined(separator: " ")
    for form in Initializer.forms { #expect(words.contains(form.formula), "\(form.name)") }
  }
}
