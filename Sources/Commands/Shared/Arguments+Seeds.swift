import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// The seeds of a command that makes runs of several.
enum SeedChoice: Sendable, CustomStringConvertible {
  /// So many, counted up from `--seed`.
  case count(Int)
  /// These.
  case list(SeedList)

  static let accepted =
    "a whole number from 1 to \(NumberText.count(SeedList.most)), or the seeds themselves, each once: 1-3,10-12"

  /// Reads `5` or `1-3,10-12`; nil for other texts.
  init?(_ text: String) {
    if let count = Int(text) {
      guard (1...SeedList.most).contains(count) else { return nil }
      self = .count(count)
    } else {
      guard let list = SeedList(text) else { return nil }
      self = .list(list)
    }
  }

  /// How many there are.
  var count: Int {
    switch self {
    case .count(let count): count
    case .list(let list): list.count
    }
  }

  var description: String {
    switch self {
    case .count(let count): "\(count)"
    case .list(let list): "\(list)"
    }
  }
}

extension OptionKey<SeedChoice> {
  /// `--seeds` of commands that compare runs, which may name them.
  static var comparedSeeds: OptionKey { OptionKey("seeds") }
}

extension Arguments {
  /// The seeds of a command that makes runs of several.
  ///
  /// - Throws: `UsageError.rejected` where they pass the largest number, and for a `--seed` beside seeds
  ///   that are named.
  func seeds() throws -> SeedList {
    let seed = self[.seed]
    switch self[.comparedSeeds] {
    case .list(let list):
      if wasTyped(.seed) {
        throw rejection(of: .seed, accepted: "left out where --seeds names the seeds: \(list)")
      }
      return list
    case .count(let count):
      guard let seeds = SeedList(from: seed, count: count) else {
        throw rejection(
          of: .seed, accepted: "at most \(Int.max - count) where --seeds is \(count)")
      }
      return seeds
    }
  }
}

extension SeedList {
  /// The seeds in the options of a `config.json`; nil where it has none that could be.
  init?(in options: JSONObject) {
    guard let seed = options["seed"]?.int, seed >= 0,
      let text = options["seeds"].flatMap({ $0.int.map { "\($0)" } ?? $0.string }),
      let choice = SeedChoice(text)
    else { return nil }
    switch choice {
    case .count(let count): self.init(from: seed, count: count)
    case .list(let list): self = list
    }
  }

  /// The options that have these seeds as their values: a number of them where it says all.
  var options: JSONObject {
    [
      "seed": .integer(first), "seeds": isContiguous ? .integer(count) : .string(description),
    ]
  }
}
