import Testing

@testable import UnrollGradientFlow

@Suite struct DescentBundleTests {
  /// Down the valley the paths stay together; once they have bounced along the wall they do not.
  @Test func neighborsPartAtTheWall() {
    func spread(updates: Int) -> Double {
      let bundle = DescentBundle(
        on: SingleUnitError(), from: (4.9, -2.3), rate: 0.08, clipping: .norm(1),
        updates: updates)
      let ends = bundle.values { $0.points.last?.weight ?? .nan }
      #expect(ends.count == 9 && ends[0] == bundle.path.points.last?.weight)
      return (ends.max() ?? .nan) - (ends.min() ?? .nan)
    }
    // Twice the shift, to the rounding of numbers near 5.
    #expect(abs(spread(updates: 0) - 2e-12) < 2e-15)
    #expect(spread(updates: 20) < 1e-9)
    #expect(spread(updates: 100) > 1e-3)
  }

  /// Clipped descent comes to rest in the valley, whichever way it has bounced.
  @Test func clippedDescentComesToRest() {
    let surface = SingleUnitError()
    let bundle = DescentBundle(
      on: surface, from: (4.9, -2.3), rate: 0.08, clipping: .norm(1), updates: 500)
    for path in [bundle.path] + bundle.neighbors {
      #expect(path.lateUpdates == 50 && path.largestLateError < 1e-3)
      #expect((100..<250).contains(wallCrossings(path, on: surface).last ?? 0))
      // Only on the wall is a gradient clipped.
      let lastTouch = path.points.lastIndex(where: \.isClipped)
      #expect((100..<250).contains(lastTouch ?? 0))
    }
  }

  /// Sides of the line as NumPy has them. At w = 4 the line is no wall.
  @Test func crossingsAreTheUpdatesThatCross() {
    let surface = SingleUnitError()
    let path = DescentPath(
      on: surface, from: (4.9, surface.standingBias(weight: 4.9) - 0.01), rate: 0.08,
      clipping: .none, updates: 5)
    #expect(wallCrossings(path, on: surface) == [1, 2, 3, 5])
    let flat = DescentPath(
      on: surface, from: (4, surface.standingBias(weight: 4) - 0.001), rate: 0.08, clipping: .none,
      updates: 5)
    #expect(wallCrossings(flat, on: surface).isEmpty)
  }

  /// The updates that crossed the line on which the unit stays at x_0, where it is a wall.
  private func wallCrossings(_ path: DescentPath, on surface: SingleUnitError) -> [Int] {
    func isAbove(_ point: DescentPath.Point) -> Bool {
      point.bias > surface.standingBias(weight: point.weight)
    }
    return path.points.indices.dropFirst().filter { update in
      let (before, after) = (path.points[update - 1], path.points[update])
      return isAbove(before) != isAbove(after)
        && abs(surface.standingFactor(weight: before.weight)) > 1
    }
  }
}
