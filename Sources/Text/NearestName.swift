/// The known name that a misspelt one probably means.
package enum NearestName {
  /// The name in `names` nearest to `text`, leading dashes aside, or nil when none is near: within
  /// two edits for short names, a third of the length for longer ones, or continuing `text`.
  package static func of(_ text: String, among names: [String]) -> String? {
    let typed = Array(text.lowercased().drop { $0 == "-" })
    let near = names.compactMap { name -> (name: String, distance: Int)? in
      let known = Array(name.lowercased())
      let limit = min(max(2, known.count / 3), known.count - 1)
      let allowed = max(limit, 1)
      guard abs(known.count - typed.count) <= allowed else { return nil }
      let distance = editDistance(typed, known)
      return distance <= allowed && distance < typed.count ? (name, distance) : nil
    }
    if let best = near.min(by: { $0.distance < $1.distance }) { return best.name }
    guard typed.count >= 2 else { return nil }
    return names.first { $0.lowercased().starts(with: typed) }
  }

  /// The fewest insertions, deletions, substitutions and swaps of neighbors between two words
  /// (optimal string alignment).
  package static func editDistance(_ a: [Character], _ b: [Character]) -> Int {
    var beforePrevious = [Int](repeating: 0, count: b.count + 1)
    var previous = Array(0...b.count)
    for i in a.indices {
      var current = [i + 1]
      current.reserveCapacity(b.count + 1)
      for j in b.indices {
        var best = min(previous[j + 1], current[j]) + 1
        best = min(best, previous[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          best = min(best, beforePrevious[j - 1] + 1)
        }
        current.append(best)
      }
      beforePrevious = previous
      previous = current
    }
    return previous[b.count]
  }
}
