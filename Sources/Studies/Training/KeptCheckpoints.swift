import Foundation
import UnrollFileFormats

/// The last checkpoints of a run, `checkpoint-UPDATES.safetensors`, beside `checkpoint.safetensors`, which is
/// the newest of them.
package struct KeptCheckpoints {
  private let folder: String
  private let count: Int

  /// - Parameter count: how many are kept; with one, it has no number.
  package init(in folder: String, count: Int) {
    self.folder = folder
    self.count = count
  }

  /// Gives the checkpoint that was saved after `updates` its number, and removes those before the last ones.
  /// Those of later updates are of a part of the run that is void, since it went on from an earlier one. Where
  /// one is kept, those that a run with a larger number has left stay.
  ///
  /// - Throws: `FileError`.
  package func add(after updates: Int) throws(FileError) {
    if count > 1 { try AtomicFile.link("\(folder)/checkpoint.safetensors", to: path(updates)) }
    let numbers =
      (try? FileManager.default.contentsOfDirectory(atPath: folder))?
      .compactMap(Self.number) ?? []
    let valid = numbers.filter { $0 <= updates }.sorted()
    let kept = Set(count > 1 ? valid.suffix(count) : valid[...])
    for number in numbers where !kept.contains(number) { unlink(path(number)) }
  }

  private func path(_ updates: Int) -> String { "\(folder)/checkpoint-\(updates).safetensors" }

  /// The updates after which the checkpoint called `name` was saved.
  private static func number(_ name: String) -> Int? {
    name.wholeMatch(of: #/checkpoint-([0-9]{1,18})\.safetensors/#).flatMap { Int($0.1) }
  }
}
