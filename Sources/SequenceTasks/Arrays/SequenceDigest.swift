import Synchronization
import UnrollFileFormats
import UnrollRecurrentCells

/// A hash of what sequences are, which is the same for them in any file: among others, in another format
/// or order of bytes, and padded to another length.
final class SequenceDigest: Sendable {
  /// The key of ``text`` in the metadata of models and checkpoints.
  static let metadataKey = "sequences"

  private let arrays: SequenceArrays
  private let count: Int
  private let known = Mutex<String?>(nil)

  /// Of the first `count` sequences; nothing is computed yet.
  init(_ arrays: SequenceArrays, count: Int) { (self.arrays, self.count) = (arrays, count) }

  /// The SHA-256 of the inputs up to each sequence's length and of its targets, 64 hexadecimal digits.
  /// Computed once.
  var text: String {
    known.withLock { known in
      if let text = known { return text }
      let text = arrays.digest(ofFirst: count)
      known = text
      return text
    }
  }
}

extension SequenceArrays {
  func digest(ofFirst count: Int) -> String {
    var hash = SHA256()
    let isClasses = if case .classes = target { true } else { false }
    let outputs = isClasses ? 0 : target.width
    hash.update("\(input.width) \(outputs)\n")
    for sequence in 0..<count {
      // The numbers of a sequence say where each of its parts ends, so that no two sequences look alike.
      var numbers = [Double(lengths[sequence])]
      numbers +=
        inputs.rows(0..<lengths[sequence])
        .columns(sequence * input.width..<(sequence + 1) * input.width).copy().values
      for place in 0..<supervised.count where weights[place, sequence] != 0 {
        numbers.append(Double(supervised.lowerBound + place))
        if isClasses {
          numbers.append(Double(targetClasses[place * self.count + sequence]))
        } else {
          numbers += (0..<outputs).map { targets[place, sequence * outputs + $0] }
        }
      }
      numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { hash.update($0) }
    }
    return hash.hexadecimal()
  }
}

extension ArraysTask {
  /// The key in a model file's metadata of the hash of the sequences that a run read.
  package static let digestKey = SequenceDigest.metadataKey

  /// How many sequences a file has whose first `count` are those of a digest that a run recorded; nil for
  /// other sequences, and for a file that cannot be read, which whoever needs it reports.
  package static func count(
    ofFileAt path: String, targets: TargetsChoice, masksMissing: Bool, startingWith count: Int,
    _ digest: String
  ) -> Int? {
    let reader = SequenceFileReader(
      classes: nil, masksMissing: masksMissing, placement: targets.placement)
    guard let arrays = try? reader.read(path, targets: targets.path), arrays.count >= count,
      arrays.digest(ofFirst: count) == digest
    else { return nil }
    return arrays.count
  }
}
