import UnrollDenseMath
import UnrollRecurrentCells

/// A batch as it is measured: what enters its backward pass, and where lag 0 lies.
struct MeasuredBatch {
  /// With each row's loss its own mean over its targets; or with the gradient it has been given.
  let batch: Batch<Double>
  /// The rows measured.
  let rows: MeasuredRows
  /// How often gradient enters.
  let entry: GradientEntry
  /// Makes ``lastEntry()``, which not every measurement wants.
  private let makeLastEntry: (() -> Batch<Double>)?

  /// - Parameter placement: of the loss; a gradient that the batch has been given enters as it is.
  init(_ source: Batch<Double>, _ placement: LossPlacement) {
    let all = 0..<source.shape.rows
    if let given = source.stateGradients {
      batch = source
      rows = MeasuredRows(lastSteps: given.lastSteps)
      let lags = given.entryLags
      entry = lags.count > 1 ? .severalSteps : .once
      func last() -> Batch<Double> {
        let copy = source.copy(ofRows: all)
        copy.stateGradients = given.lastEntries
        return copy
      }
      makeLastEntry = lags.count > 1 && lags.contains(0) ? last : nil
      return
    }
    let places = all.map { Self.places(of: $0, in: source) }
    func weighted(_ read: ([Int]) -> ArraySlice<Int>) -> Batch<Double> {
      let weights = Matrix<Double>(rows: 1, columns: source.lossMask.count)
      for row in all {
        // The last step's part of a mean over several is what enters with it.
        let share = 1 / Double(placement == .last ? 1 : places[row].count)
        for place in read(places[row]) { weights[0, place * all.count + row] = share }
      }
      return source.copy(ofRows: all, lossMask: weights)
    }
    let first = source.shape.supervised.lowerBound
    rows = MeasuredRows(lastSteps: places.map { $0.last.map { first + $0 } })
    batch = weighted { placement == .last ? $0.suffix(1) : $0[...] }
    let entersOnce = placement == .last || places.allSatisfy { $0.count <= 1 }
    entry = entersOnce ? .once : .severalSteps
    makeLastEntry = entersOnce ? nil : { weighted { $0.suffix(1) } }
  }

  /// The supervised steps at which a row has a target, counted from the first.
  private static func places(of row: Int, in batch: Batch<Double>) -> [Int] {
    (0..<batch.shape.supervised.count).filter {
      batch.lossMask[0, $0 * batch.shape.rows + row] != 0
    }
  }

  /// Each row's last step, by the row's number; nil for one without a target.
  static func lastStep(ofRow row: Int, in batch: Batch<Double>) -> Int? {
    if let given = batch.stateGradients { return given.lastSteps[row] }
    return places(of: row, in: batch).last.map { batch.shape.supervised.lowerBound + $0 }
  }

  /// A copy of the batch where only what enters at each row's last step enters; nil where nothing enters
  /// before, and where nothing enters there.
  func lastEntry() -> Batch<Double>? { makeLastEntry?() }

  /// What the gradients of the rows' losses are multiplied by for that of an update's loss: the mean
  /// over rows; nothing for a gradient that has been given, which is that of the loss itself.
  var shareOfRow: Double {
    batch.stateGradients == nil ? 1 / Double(rows.lastSteps.count) : 1
  }
}
