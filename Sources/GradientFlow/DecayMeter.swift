import DenseMath
import Optimisation
import RecurrentCells

/// Measures the decay curves of one batch again and again, under changing parameters.
///
/// Each measurement is one forward and one backward pass in Float64 over whole sequences, which
/// keeps subnormal numbers. The batch's rows are dealt out to threads, which keep their memory
/// between measurements.
public final class DecayMeter {
  private let shares: MeterShares
  private let workers: Workers

  /// - Parameters:
  ///   - batch: read now; lag 0 is each row's own last supervised step.
  ///   - threads: 1 or more; a curve depends on it in its last bits alone.
  public init(
    _ model: RecurrentModel, batch: Batch<Double>, lossAt placement: LossPlacement = .last,
    threads: Int = 1
  ) {
    let shares = MeterShares(model, batch, placement, threads: threads)
    self.shares = shares
    workers = Workers(count: shares.lanes.count) { shares.run(worker: $0) }
  }

  /// Every layer's curves: `h`, `c` where the cell has one, and `state`.
  public func curves<Element: Scalar>(under parameters: Parameters<Element>) -> [DecayCurve] {
    shares.weights.parameters.values.assign(parameters.values.values)
    shares.phase = .layOut
    workers.run()
    shares.phase = .pass
    workers.run()
    return shares.norms.curves
  }
}

/// What a meter and its threads share: the meter writes between their runs.
private final class MeterShares: @unchecked Sendable {
  enum Phase {
    case layOut, pass
  }

  let weights: LaidOutParameters<Double>
  let norms: NormTable
  let lanes: [MeterLane]
  var phase = Phase.layOut

  init(
    _ model: RecurrentModel, _ batch: Batch<Double>, _ placement: LossPlacement, threads: Int
  ) {
    weights = LaidOutParameters(model, Parameters(model.layout))
    let placed = placement.weights(of: batch)
    let norms = NormTable(model, MeasuredRows(lastSteps: placed.lastSteps))
    self.norms = norms
    lanes = (0..<batch.shape.rows).cut(into: threads).map {
      MeterLane(model, batch.copy(ofRows: $0, weights: placed.matrix), norms, rows: $0)
    }
  }

  func run(worker: Int) {
    switch phase {
    case .layOut: weights.refresh(part: worker, of: lanes.count)
    case .pass: lanes[worker].measure(weights)
    }
  }
}

/// One thread's rows of the batch and its memory.
private final class MeterLane {
  private let batch: Batch<Double>
  private let window: Window<Double>
  private let recorder: NormRecorder

  init(_ model: RecurrentModel, _ batch: Batch<Double>, _ norms: NormTable, rows: Range<Int>) {
    self.batch = batch
    window = Window(
      model: model, capacity: batch.shape.steps, rows: rows.count,
      supervisedCapacity: batch.shape.supervised.count)
    recorder = NormRecorder(norms, rows: rows)
  }

  func measure(_ weights: LaidOutParameters<Double>) {
    recorder.reset()
    window.passOverSequences(weights, batch, into: nil, observer: recorder)
  }
}
