import Foundation

/// Which gradient a decay curve follows back through time.
public enum DecayPath: String, Sendable, CaseIterable, CustomStringConvertible {
  /// ‖∂ℓ/∂h_{T−k}‖ with c held fixed, as automatic differentiation gives it for the node h.
  case hidden = "h"
  /// ‖∂ℓ/∂c_{T−k}‖, the total derivative: through h at the same step and through the next c.
  case cell = "c"
  /// ‖∂ℓ/∂(h_{T−k}, c_{T−k})‖ for the state handed from one step to the next, h and c taken as
  /// independent: c's part is what comes through the next c alone. At lag 0 it is (∂ℓ/∂h_T, 0).
  /// For a cell without c it is `hidden`.
  case state

  /// As in tables and files: `h`, `c` or `state`.
  public var description: String { rawValue }
}

/// The loss whose gradient is followed.
public enum LossPlacement: String, Sendable, CaseIterable {
  /// The loss at each row's last supervised step alone.
  case last
  /// The whole loss of each row: gradient enters at every supervised step.
  case all
}

/// How the gradient's norm changes with the lag k, the number of steps before the loss.
///
/// Norms are kept row by row, without a factor 1/B: ‖∂ℓ_b/∂h_{T−k}‖₂ for the loss ℓ_b of row b. A
/// curve therefore does not depend on the batch size. For a batch with a gradient of its own
/// (`Batch.stateGradients`) the norm is ‖∂L/∂h_{T−k}‖₂ of row b, for the loss L whose gradient it is.
public struct DecayCurve: Sendable {
  /// The layer, from 0 next to the input.
  public let layer: Int
  /// The gradient followed.
  public let path: DecayPath
  /// `norms[k]` holds the norms at lag k of the rows that reach back that far, in the same order at
  /// every lag: those that reach back furthest first.
  public let norms: [[Double]]
  /// At how many steps its gradient enters.
  public let entry: GradientEntry

  /// A curve of norms measured elsewhere; `norms[k]` as in ``norms``.
  public init(
    layer: Int, path: DecayPath, norms: [[Double]], entry: GradientEntry = .once
  ) {
    self.layer = layer
    self.path = path
    self.norms = norms
    self.entry = entry
  }

  /// The path as tables and files name it: `h`, and `h_last` for the curve of what enters last.
  public var pathName: String { Self.pathName(path, entry) }

  package static func pathName(_ path: DecayPath, _ entry: GradientEntry) -> String {
    entry == .lastOfSeveral ? path.rawValue + lastSuffix : path.rawValue
  }

  /// The name of the path that shows how a layer passes gradient on: c where the cell has it.
  package static func shownPathName(hasCellState: Bool, _ entry: GradientEntry) -> String {
    pathName(hasCellState ? .cell : .hidden, entry)
  }

  /// What follows the path of a curve of what enters last.
  package static let lastSuffix = "_last"

  /// The number of lags measured, from lag 0.
  public var count: Int { norms.count }

  /// g(k), the arithmetic mean over rows.
  public var means: [Double] { norms.map(Self.mean) }

  /// The geometric mean over rows, which is what a Lyapunov exponent predicts; 0 where a row is 0.
  public var geometricMeans: [Double] {
    norms.map { row in exp(Self.mean(row.map { log($0) })) }
  }

  /// The quantile `q` over rows at each lag, linear between order statistics.
  public func quantiles(_ q: Double) -> [Double] {
    norms.map { row in
      let sorted = row.sorted()
      guard let last = sorted.last else { return .nan }
      let place = q * Double(sorted.count - 1)
      let index = Int(place)
      guard index + 1 < sorted.count, place > Double(index) else {
        return index < sorted.count ? sorted[index] : last
      }
      return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }
  }

  /// The mean, as a sum of parts so that it does not overflow where the numbers do not.
  package static func mean(_ numbers: [Double]) -> Double {
    let count = Double(numbers.count)
    return numbers.reduce(0) { $0 + $1 / count }
  }
}
