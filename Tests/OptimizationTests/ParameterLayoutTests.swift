import Testing
import UnrollDenseMath

@testable import UnrollOptimization

@Suite struct ParameterLayoutTests {
  private let layout: ParameterLayout = {
    var layout = ParameterLayout()
    layout.append("weight", 2, 3)
    layout.append("bias", 2)
    layout.append("none", 0, 4)
    layout.append("slope", 1)
    return layout
  }()

  @Test func entriesLieOneBehindTheOther() {
    #expect(layout.entries.map(\.name) == ["weight", "bias", "none", "slope"])
    #expect(layout.entries.map(\.offset) == [0, 6, 8, 8])
    #expect(layout.entries.map(\.range) == [0..<6, 6..<8, 8..<8, 8..<9])
    #expect(layout.count == 9)
    #expect(layout.entry("bias")?.shape == [2])
    #expect(layout.entry("biases") == nil)
    #expect(ParameterLayout().count == 0)
  }

  @Test func viewsShareTheOneBuffer() {
    let parameters = Parameters<Double>(layout)
    parameters.values.assign((0..<9).map(Double.init))
    let weight = parameters["weight"]
    #expect(weight.rows == 2 && weight.columns == 3 && weight[1, 0] == 3)
    #expect(parameters["bias"].rows == 1 && parameters["bias"].values == [6, 7])
    #expect(parameters["none"].count == 0)
    #expect(parameters["slope"].values == [8])
    weight[1, 2] = -1
    #expect(parameters.values[0, 5] == -1)
  }

  @Test func aCopyIsItsOwn() {
    let parameters = Parameters<Float>(layout)
    let copy = parameters.copy()
    parameters.values.fill(1)
    #expect(copy.values.values == [Double](repeating: 0, count: 9))
    #expect(copy.layout == layout)
  }

  @Test func aNameCannotBeGivenTwice() async {
    await #expect(processExitsWith: .failure) {
      var layout = ParameterLayout()
      layout.append("weight", 2, 3)
      layout.append("weight", 2)
    }
    await #expect(processExitsWith: .failure) {
      _ = Parameters<Float>(ParameterLayout())["weight"]
    }
  }
}
