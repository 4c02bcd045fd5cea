/// The known name that a misspelt one probably means.
package enum NearestName {
  /// What other programs call the options, beside what ``of(_:among:)`` finds by itself.
  private static let synonyms = [
    "bs": "batch", "minibatch": "batch", "epochs": "steps", "iterations": "steps",
    "iters": "steps", "updates": "steps", "num-layers": "layers", "seq-len": "length",
    "sequence-length": "length", "nonlinearity": "activation", "initializer": "init",
    "eps": "epsilon", "grad-clip": "clip", "max-norm": "clip", "bptt": "window",
    "jobs": "threads", "workers": "threads", "units": "hidden",
  ]

  /// The name in `names` that `text`, leading dashes aside, is a synonym or the initials of (`lr`); else
  /// the nearest one, within two edits for short names, a third of the length for longer ones; else one
  /// that continues it, or that is a word of it (`batch-size`); nil where there is none.
  package static func of(_ text: String, among names: [String]) -> String? {
    let typed = Array(text.lowercased().drop { $0 == "-" })
    let word = String(typed).replacing("_", with: "-")
    if let known = synonyms[word], names.contains(known) { return known }
    if let known = names.first(where: { initials(of: $0) == word }) { return known }
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
      ?? word.split(separator: "-").lazy.compactMap { part in names.first { $0 == part } }.first
  }

  /// `lr` of `learning-rate`; nil for a name of one word.
  private static func initials(of name: String) -> String? {
    let words = name.lowercased().split(separator: "-")
    return words.count > 1 ? String(words.compactMap(\.first)) : nil
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
