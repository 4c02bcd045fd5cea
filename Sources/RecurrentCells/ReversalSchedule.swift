/// The order in which a chain of segments is run forward again so that each can be run backward, from
/// the last to the first, while only a few of the states between them are kept.
///
/// With a place for every state, each segment is run forward twice at most. With fewer, kept states are
/// placed so that the number of forward runs is the least possible (Griewank & Walther 2000, *Algorithm
/// 799: Revolve*): with s kept states and at most r + 1 runs of any segment, a chain may have
///
///     β(s, r) = (s + r)! / (s! r!)
///
/// segments.
struct ReversalSchedule {
  /// The number of states that can be kept, that before the first segment included.
  let places: Int
  /// The segments before which a state is kept, ascending; the first is 0.
  private(set) var kept: [Int]

  init(places: Int) {
    self.places = places
    kept = [0]
    kept.reserveCapacity(places)
  }

  /// Forgets all states but that before the first segment.
  mutating func restart() { kept.removeLast(kept.count - 1) }

  /// The last state kept at or before segment `target`, after which none is needed any more: its
  /// place, and the segment that it is before.
  mutating func lastKept(before target: Int) -> (place: Int, segment: Int) {
    while kept.count > 1, kept[kept.count - 1] > target { kept.removeLast() }
    return (kept.count - 1, kept[kept.count - 1])
  }

  /// Up to which segment to run next, from `segment`, whose state is known and the last one kept, on
  /// the way to `target`: the state there is to be kept, unless it is the target's.
  func nextStop(from segment: Int, to target: Int) -> Int {
    let free = places - kept.count
    guard free > 0, segment < target else { return target }
    return segment + Self.firstPart(of: target + 1 - segment, keeping: free + 1)
  }

  /// Keeps the state before `segment`.
  ///
  /// - Returns: its place; nil where there is none left.
  mutating func keep(before segment: Int) -> Int? {
    guard kept.count < places else { return nil }
    kept.append(segment)
    return kept.count - 1
  }

  // MARK: How often segments are run

  /// How many runs of single segments lead a chain of `count` segments to the start of each, with
  /// `places` kept states; the run of each that its backward pass follows is not counted.
  static func leadingRuns(of count: Int, keeping places: Int) -> Int {
    let repeats = repeats(of: count, keeping: places)
    // Each segment `repeats` times, but for those of the longest chain that takes one fewer.
    return repeats == 0 ? 0 : repeats * count - longest(places + 1, repeats - 1)
  }

  /// The least r with β(`places`, r) ≥ `count`.
  private static func repeats(of count: Int, keeping places: Int) -> Int {
    if places == 1 { return max(count - 1, 0) }
    var repeats = 0
    while longest(places, repeats) < count { repeats += 1 }
    return repeats
  }

  /// The segments before the next kept state, of a chain of `count` ≥ 2 with `places` ≥ 2 kept states.
  static func firstPart(of count: Int, keeping places: Int) -> Int {
    let repeats = repeats(of: count, keeping: places)
    // What is left behind the kept state must not be longer than the other places allow, and it and
    // the first part not shorter than one fewer repetition would do for.
    return max(1, min(longest(places, repeats - 1), count - longest(places - 1, repeats - 1)))
  }

  /// β(s, r), at most 2⁶²; 0 for r < 0.
  static func longest(_ places: Int, _ repeats: Int) -> Int {
    if repeats < 0 { return 0 }
    let (factors, most) = (min(places, repeats), 1 << 62)
    var result = 1
    for factor in 0..<factors {
      let (product, overflow) = result.multipliedReportingOverflow(by: places + repeats - factor)
      if overflow { return most }
      result = product / (factor + 1)
    }
    return min(result, most)
  }
}
