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
  ///   - recompute: whether all states are kept in memory; no number depends on it. A size that is too
  ///     small is taken for the smallest that will do.
  public init(
    _ model: RecurrentModel, batch: Batch<Double>, lossAt placement: LossPlacement = .last,
    threads: Int = 1, recompute: Recompute = .auto
  ) {
    state = MeterState(model, batch, placement, threads: threads, recompute)
    workers = Workers(count: state.shards.count)
  }

  /// The curves that show how gradient is passed on: those of what enters last, where it enters at more
  /// than one step.
  package var entryShown: GradientEntry {
    state.lastNorms == nil ? state.entry : .lastOfSeveral
  }

  /// Every layer's curves: `h`, `c` where the cell has one, and `state`; then, where gradient enters at
  /// more than one step, the same of what enters at the rows' last steps, if anything does.
  public func curves<Element: Scalar>(under parameters: Parameters<Element>) -> [DecayCurve] {
    state.weights.parameters.values.assign(parameters.values.values)
    workers.run { [state] in state.packWeights($0) }
    workers.run { [state] in state.measure($0) }
    return NormTable.curves(state.norms, state.entry, enteringLast: state.lastNorms)
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
  let entry: GradientEntry
  /// Those of what enters last, where gradient enters at more than one step, and at a last one.
  let lastNorms: NormTable?
  let shards: [MeterShard]

  init(
    _ model: RecurrentModel, _ batch: Batch<Double>, _ placement: LossPlacement, threads: Int,
    _ recompute: Recompute
  ) {
    weights = PackedParameters(model, Parameters(model.layout))
    let measured = MeasuredBatch(batch, placement)
    entry = measured.entry
    let norms = NormTable(model, measured.rows)
    let last = measured.lastEntry()
    let lastNorms = last.map { _ in NormTable(model, measured.rows) }
    (self.norms, self.lastNorms) = (norms, lastNorms)
    let plans = MeasurementSize(model, batch.shape, threads: threads).choice(recompute).plans
    shards = zip((0..<batch.shape.rows).cut(into: threads), plans).map { rows, plan in
      var passes = [(measured.batch.copy(ofRows: rows), norms)]
      if let last, let lastNorms {
        passes.append((last.copy(ofRows: rows), lastNorms))
      }
      return MeterShard(model, passes, rows: rows, recompute: plan)
    }
  }

  func packWeights(_ worker: Int) { weights.refresh(part: worker, of: shards.count) }

  func measure(_ worker: Int) { shards[worker].measure(weights) }
}

/// One thread's rows of the batch and its memory.
private final class MeterShard {
  private let workspace: SequenceWorkspace<Double>
  private let passes: [(batch: Batch<Double>, recorder: NormRecorder)]

  /// - Parameter passes: the rows as they are measured, and where their norms are written; at least one.
  init(
    _ model: RecurrentModel, _ passes: [(batch: Batch<Double>, norms: NormTable)],
    rows: Range<Int>, recompute: RecomputePlan?
  ) {
    let shape = passes[0].batch.shape
    workspace = SequenceWorkspace(
      model: model, capacity: shape.timeSteps, rows: rows.count,
      supervisedCapacity: shape.supervised.count, recompute: recompute)
    self.passes = passes.map {
      ($0.batch, NormRecorder($0.norms, rows: rows, given: $0.batch.stateGradients))
    }
  }

  func measure(_ weights: PackedParameters<Double>) {
    for (batch, recorder) in passes {
      recorder.reset()
      workspace.passOverSequences(weights, batch, into: nil, observer: recorder)
    }
  }
}
