import Foundation
import UnrollOptimization

/// A descent path and its neighbors, which start very close to it.
///
/// Where descent bounces along a wall, the last digit of the start decides where it goes. Only what all
/// the paths have in common can be reported.
public struct DescentBundle: Sendable {
  /// How far away the neighbors begin, in eight directions.
  public static let shift = 1e-12

  /// The path from the start itself.
  public let path: DescentPath
  /// The paths that begin at a distance of ``shift`` from it.
  public let neighbors: [DescentPath]

  /// As ``DescentPath``.
  public init(
    on surface: SingleUnitError, from start: (weight: Double, bias: Double), rate: Double,
    clipping: Clipping, updates: Int
  ) {
    func path(from start: (weight: Double, bias: Double)) -> DescentPath {
      DescentPath(on: surface, from: start, rate: rate, clipping: clipping, updates: updates)
    }
    self.path = path(from: start)
    neighbors = (0..<8).map { direction in
      let angle = Double(direction) * .pi / 4
      return path(
        from: (start.weight + Self.shift * cos(angle), start.bias + Self.shift * sin(angle)))
    }
  }

  /// A number of each path, the middle one's first.
  public func values(_ value: (DescentPath) -> Double) -> [Double] {
    ([path] + neighbors).map(value)
  }
}
