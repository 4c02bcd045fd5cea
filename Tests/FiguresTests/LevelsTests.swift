import Testing

@testable import UnrollFigures

@Suite struct LevelsTests {
  private let axis = Axis(low: -10, high: 0, tics: [])
  private let across = Axis(low: 0, high: 100, tics: [])

  private func label(_ curves: [[(x: Double, y: Double)]]) throws -> String {
    var drawing = Drawing(width: 900, height: 551)
    drawing.addLevels([("level", -5)], within: axis, across: across, curves: curves)
    return try #require(drawing.commands.first { $0.contains("set label") })
  }

  @Test func aNameStandsWhereNoCurvePasses() throws {
    #expect(try label([]).contains("at graph 0.005, first -5 "))
    // What lies between two points far apart counts too, at the name's height alone.
    #expect(try label([[(0, -1), (20, -4.8), (100, -9.8)]]).contains("at graph 0.005"))
    #expect(try label([[(0, -4.8), (20, -4.8), (21, -9.8)]]).contains("at graph 0.215"))
  }

  /// Below its level where a curve is above it, and without a ground, which would hide a curve, where there is
  /// no free place.
  @Test func elsewhereItHidesNothing() throws {
    let above = try label([[(0, -4.7), (100, -4.7)]])
    #expect(
      above.contains("at graph 0.005, first -5 left offset 0,-0.65") && above.contains("boxed"))
    let everywhere = try label([[(0, -4.7), (100, -4.7)], [(0, -5.3), (80, -5.3), (81, -9)]])
    #expect(everywhere.contains("at graph 0.815, first -5 left offset 0,-0.65"))
    let nowhere = try label([[(0, -4.7), (100, -4.7)], [(0, -5.3), (100, -5.3)]])
    #expect(nowhere.contains("left offset 0,0.55") && !nowhere.contains("boxed"))
    #expect(
      try label([[(.nan, 1), (0, .nan), (1e308, -1e308), (-1e308, 1e308)]]).contains("graph"))
  }
}
