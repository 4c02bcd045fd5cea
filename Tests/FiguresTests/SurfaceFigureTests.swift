import Testing

@testable import UnrollFigures

@Suite struct SurfaceFigureTests {
  private typealias Point = SurfaceFigure.Point

  /// The plane z = x over [0, 1]².
  private func figure(_ paths: [[(Double, Double)]]) -> SurfaceFigure {
    let places = [0.0, 0.5, 1]
    let mesh = places.map { x in places.map { Point(x: x, y: $0, height: x) } }
    return SurfaceFigure(
      title: "t", subtitle: "s", names: (x: "w", y: "b", height: "E"), mesh: mesh,
      grid: mesh.flatMap(\.self),
      paths: paths.map { path in
        .init(
          label: "none: it's far",
          points: path.map { Point(x: $0.0, y: $0.1, height: $0.0) })
      })
  }

  private func rows(_ name: String, _ figure: SurfaceFigure) -> [[Double]]? {
    figure.drawing.data.first { $0.name == name }?.rows
  }

  @Test func aPathIsCutAtTheEdge() {
    let left = figure([[(0.25, 0.5), (0.5, 0.5), (2.5, 1)]])
    // A quarter of the way to x = 2.5 it is at x = 1.
    #expect(rows("path0", left) == [[0.25, 0.5, 0.25], [0.5, 0.5, 0.5], [1, 0.625, 1]])
    #expect(rows("exit0", left) == [[0.5, 0.5, 0.5, 0.5, 0.125, 0.5]])
    #expect(rows("end0", left) == nil)

    let back = figure([[(0.5, 0.5), (1.5, 0.5), (3, 3), (0.5, -0.5), (0.5, 0.5)]])
    #expect(
      rows("path0", back) == [[0.5, 0.5, 0.5], [1, 0.5, 1], [], [0.5, 0, 0.5], [0.5, 0.5, 0.5]])
    #expect(rows("exit0", back) == nil)
    #expect(rows("end0", back) == [[0.5, 0.5, 0.5]])
  }

  @Test func linesOfTheMeshAreParted() {
    let mesh = rows("mesh", figure([]))
    #expect(mesh?.count == 3 * 4)
    #expect(mesh?[3] == [])
    #expect(figure([]).script(name: "s").contains("\n0 1 0\n\n0.5 0 0.5\n"))
  }

  @Test(arguments: 0..<4) func gnuplotDrawsIt(_ number: Int) throws {
    let cases = [
      figure([[(0.25, 0.5), (0.5, 0.5), (2.5, 1)], [(0.5, 0.5), (0.6, 0.6)]]), figure([]),
      figure([[], [(0.5, 0.5)], [(9, 9)]]),
      SurfaceFigure(
        title: "", subtitle: "", names: (x: "", y: "", height: ""), mesh: [], grid: [],
        paths: []),
    ]
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      try cases[number].write(to: folder, name: "clip-surface", gnuplot: gnuplot)
    }
  }
}
