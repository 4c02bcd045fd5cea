import UnrollCommandLine
import UnrollStudies

/// One of several shares of a sweep's runs: `2/4`.
struct Shard: CustomStringConvertible {
  let number: Int
  let count: Int

  var description: String { "\(number)/\(count)" }

  /// Reads `I/N` with 1 ≤ I ≤ N; nil for other texts.
  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
      (1...1_000_000).contains(count), (1...count).contains(number)
    else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// The share of `runs`. They are dealt like cards, by falling cost, in turns that change direction,
  /// so that shares cost alike.
  func share(of runs: [SweepRun], cost: (SweepRun) -> Double) -> [SweepRun] {
    let costs = runs.map(cost)
    let dealt = runs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    let own = dealt.enumerated().filter { place, _ in
      let (turn, seat) = place.quotientAndRemainder(dividingBy: count)
      return (turn.isMultiple(of: 2) ? seat : count - 1 - seat) == number - 1
    }.map(\.element)
    return own.sorted().map { runs[$0] }
  }
}

extension OptionKey<Shard> {
  static var shard: OptionKey { OptionKey("shard") }
}

extension OptionForm<Shard> {
  static var shard: Self {
    custom(accepted: "I/N with I from 1 to N, such as 2/4") { Shard($0) }
  }
}
