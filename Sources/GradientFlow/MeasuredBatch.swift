import UnrollDenseMath
import UnrollRecurrentCells

/// A batch as it is measured: what enters its backward pass, and where lag 0 lies.
struct MeasuredBatch {
  /// With each row's loss its own mean over its targets; or with the gradient it has been given.
  let batch: Batch<Double>
  /// The rows measured.
  let rows: MeasuredRows
  /// Makes ``lastEntry()``, which not every measurement wants.
  private let makeLastEntry: (() -> Batch<Double>)?

  /// - Parameter placement: of the loss; a gradient that the batch has been given enters as it is.
  init(_ source: Batch<Double>, _ placement: LossPlacement) {
    let all = 0..<source.shape.rows
    if let given = source.stateGradients {
      batch = source
      rows = MeasuredRows(lastSteps: given.lastSteps)
      let entries = all.map(given.entrySteps(ofRow:))
      let lags = zip(given.lastSteps, entries).flatMap { last, steps in steps.map { last - $0 } }
      func last() -> Batch<Double> {
        let copy = source.copy(ofRows: all)
        copy.stateGradients = given.lastEntries(at: entries.map(\.last))
        return copy
      }
      makeLastEntry = Set(lags).count > 1 ? last : nil
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

  /// How often gradient enters.
  var entry: GradientEntry { makeLastEntry == nil ? .once : .severalSteps }

  /// A copy of the batch where only what enters last enters; nil where nothing enters before.
  func lastEntry() -> Batch<Double>? { makeLastEntry?() }

  /// What the gradients of the rows' losses are multiplied by for that of an update's loss: the mean
  /// over rows; nothing for a gradient that has been given, which is that of the loss itself.
  var shareOfRow: Double {
    batch.stateGradients == nil ? 1 / Double(rows.lastSteps.count) : 1
  }
}
