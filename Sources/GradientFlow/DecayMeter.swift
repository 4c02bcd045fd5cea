import UnrollDenseMath
import UnrollOptimization
import UnrollRecurrentCells

/// Measures the decay curves of one batch again and again, under changing parameters.
///
/// Each measurement is one forward and one backward pass in Float64 over whole sequences, which
/// keeps subnormal numbers. The batch's rows are dealt out to threads, which keep their memory
/// between measurements.
public final class DecayMeter {
  private let state: MeterState
  private let workers: Workers

  /// - Parameters:
  ///   - batch: read now; lag 0 is each row's own last supervised step.
  ///   - threads: 1 or more; a curve depends on it in its last bits alone.
  public init(
    _ model: RecurrentModel, batch: Batch<Double>, lossAt placement: LossPlacement = .last,
    threads: Int = 1
  ) {
    state = MeterState(model, batch, placement, threads: threads)
    workers = Workers(count: state.shards.count)
  }

  /// Every layer's curves: `h`, `c` where the cell has one, and `state`.
  public func curves<Element: Scalar>(under parameters: Parameters<Element>) -> [DecayCurve] {
    state.weights.parameters.values.assign(parameters.values.values)
    workers.run { [state] in state.packWeights($0) }
    workers.run { [state] in state.measure($0) }
    return state.norms.curves
  }
}

/// What a meter and its threads share.
///
/// Sendable because its properties never change and no two threads write the same memory: the meter
/// writes the parameters between runs; in a run, each thread packs its own part of the weights, or
/// uses its own shard alone and writes its own rows of the norms.
private final class MeterState: @unchecked Sendable {
  let weights: PackedParameters<Double>
  let norms: NormTable
  let shards: [MeterShard]

  init(
    _ model: RecurrentModel, _ batch: Batch<Double>, _ placement: LossPlacement, threads: Int
  ) {
    weights = PackedParameters(model, Parameters(model.layout))
    let placed = placement.weights(of: batch)
    let norms = NormTable(model, MeasuredRows(lastSteps: placed.lastSteps))
    self.norms = norms
    shards = (0..<batch.shape.rows).cut(into: threads).map {
      MeterShard(model, batch.copy(ofRows: $0, lossMask: placed.matrix), norms, rows: $0)
    }
  }

  func packWeights(_ worker: Int) { weights.refresh(part: worker, of: shards.count) }

  func measure(_ worker: Int) { shards[worker].measure(weights) }
}

/// One thread's rows of the batch and its memory.
private final class MeterShard {
  private let batch: Batch<Double>
  private let workspace: SequenceWorkspace<Double>
  private let recorder: NormRecorder

  init(_ model: RecurrentModel, _ batch: Batch<Double>, _ norms: NormTable, rows: Range<Int>) {
    self.batch = batch
    workspace = SequenceWorkspace(
      model: model, capacity: batch.shape.timeSteps, rows: rows.count,
      supervisedCapacity: batch.shape.supervised.count)
    recorder = NormRecorder(norms, rows: rows)
  }

  func measure(_ weights: PackedParameters<Double>) {
    recorder.reset()
    workspace.passOverSequences(weights, batch, into: nil, observer: recorder)
  }
}
