import Foundation

extension SequenceArrays {
  /// The loss of the best constant answer: the squared error of the mean target, averaged over
  /// outputs, or the entropy of the class frequencies in nats.
  var baselineLoss: Double {
    let present = weights.values.indices(where: 1)
    switch target {
    case .values(let width): return variance(of: present, width: width)
    case .classes(let classes): return entropy(of: present, classes: classes)
    }
  }

  private func variance(of present: [Int], width: Int) -> Double {
    let values = targets.values
    var sum = 0.0
    for column in 0..<width {
      let mean = present.reduce(0) { $0 + values[$1 * width + column] } / Double(present.count)
      for location in present {
        let difference = values[location * width + column] - mean
        sum += difference * difference
      }
    }
    return sum / Double(present.count) / Double(width)
  }

  private func entropy(of present: [Int], classes: Int) -> Double {
    var counts = [Int](repeating: 0, count: classes)
    for location in present { counts[Int(targetClasses[location])] += 1 }
    return counts.filter { $0 > 0 }.reduce(0) { sum, count in
      let share = Double(count) / Double(present.count)
      return sum - share * log(share)
    }
  }
}

extension [Double] {
  fileprivate func indices(where value: Double) -> [Int] { indices.filter { self[$0] == value } }
}
