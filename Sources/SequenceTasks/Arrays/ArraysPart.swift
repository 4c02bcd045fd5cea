import Foundation

/// Sequences that lie next to each other, for one part of the data.
struct ArraysPart: Sendable {
  let arrays: SequenceArrays
  /// Which of the arrays' sequences.
  let sequences: Range<Int>
  /// Where in the rows of `weights` [S, N] the part's targets are.
  private let targetPlaces: [Int]

  init(arrays: SequenceArrays, sequences: Range<Int>) {
    self.arrays = arrays
    self.sequences = sequences
    let (weights, count) = (arrays.weights.values, arrays.count)
    targetPlaces = (0..<arrays.supervised.count).flatMap { step in
      sequences.map { step * count + $0 }.filter { weights[$0] == 1 }
    }
  }

  /// All sequences.
  init(_ arrays: SequenceArrays) { self.init(arrays: arrays, sequences: 0..<arrays.count) }

  /// Whether a sequence of the part has a target.
  var hasTargets: Bool { !targetPlaces.isEmpty }

  /// The loss on this part of the best constant answer to `training`: of the mean target the squared
  /// error, averaged over outputs; of the class frequencies the cross-entropy in nats. On other
  /// sequences than the training's own each class is counted once more, as one may be new.
  func baselineLoss(trainedOn training: ArraysPart, isTraining: Bool) -> Double {
    let (own, trained) = (targetPlaces, training.targetPlaces)
    switch arrays.target {
    case .values(let width):
      return squaredError(of: training.mean(trained, width: width), at: own)
    case .classes(let classes):
      return crossEntropy(
        of: training.counts(trained, classes: classes), addingOne: !isTraining,
        over: counts(own, classes: classes))
    }
  }

  private func mean(_ places: [Int], width: Int) -> [Double] {
    let values = arrays.targets.values
    return (0..<width).map { column in
      places.reduce(0) { $0 + values[$1 * width + column] } / Double(places.count)
    }
  }

  private func squaredError(of answer: [Double], at places: [Int]) -> Double {
    let values = arrays.targets.values
    var sum = 0.0
    for (column, mean) in answer.enumerated() {
      for place in places {
        let difference = values[place * answer.count + column] - mean
        sum += difference * difference
      }
    }
    return sum / Double(places.count) / Double(answer.count)
  }

  private func counts(_ places: [Int], classes: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: classes)
    for place in places { counts[Int(arrays.targetClasses[place])] += 1 }
    return counts
  }

  private func crossEntropy(
    of training: [Int], addingOne: Bool, over observed: [Int]
  ) -> Double {
    let trained = training.map { $0 + (addingOne ? 1 : 0) }
    let (total, seen) = (Double(trained.reduce(0, +)), Double(observed.reduce(0, +)))
    return zip(observed, trained).filter { $0.0 > 0 }.reduce(0) { sum, pair in
      sum - Double(pair.0) / seen * log(Double(pair.1) / total)
    }
  }
}
