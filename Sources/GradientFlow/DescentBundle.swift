import Foundation
import UnrollOptimization

/// A descent path with the paths of eight neighboring starts. Where descent bounces along a wall, the
/// last digit of the start decides where it goes, so only what all of the paths have in common is a
/// finding.
public struct DescentBundle: Sendable {
  /// The number of neighbors, evenly around the start.
  public static let directions = 8
  /// The distance of the neighbors' starts.
  public static let shift = 1e-12

  /// The path from the start itself.
  public let path: DescentPath
  /// The paths from the eight starts around it.
  public let neighbors: [DescentPath]

  /// Follows the nine paths; the parameters are those of ``DescentPath``.
  public init(
    on surface: SingleUnitError, from start: (weight: Double, bias: Double), rate: Double,
    clipping: Clipping, updates: Int
  ) {
    func path(from start: (weight: Double, bias: Double)) -> DescentPath {
      DescentPath(on: surface, from: start, rate: rate, clipping: clipping, updates: updates)
    }
    self.path = path(from: start)
    neighbors = (0..<Self.directions).map { direction in
      let angle = Double(direction) * .pi / 4
      return path(
        from: (start.weight + Self.shift * cos(angle), start.bias + Self.shift * sin(angle)))
    }
  }

  /// A number of each path, that of ``path`` first.
  public func values(_ value: (DescentPath) -> Double) -> [Double] {
    ([path] + neighbors).map(value)
  }
}
