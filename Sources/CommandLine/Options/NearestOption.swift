import UnrollText

/// The option that a name which no option has probably means.
package enum NearestOption {
  /// What other programs call these options, beside what ``of(_:among:)`` finds by itself.
  private static let synonyms = [
    "bs": "batch", "minibatch": "batch", "epochs": "steps", "iterations": "steps",
    "iters": "steps", "updates": "steps", "num-layers": "layers", "seq-len": "length",
    "sequence-length": "length", "nonlinearity": "activation", "initializer": "init",
    "eps": "epsilon", "grad-clip": "clip", "max-norm": "clip", "bptt": "window",
    "jobs": "threads", "workers": "threads", "units": "hidden", "threshold": "clip",
    "thresholds": "clip",
  ]

  /// The option of `names` that `text`, leading dashes aside, is a synonym or the initials of (`lr`); else the
  /// nearest by letters (`NearestName`); else one that is a word of it (`batch-size`); nil where there is none.
  package static func of(_ text: String, among names: [String]) -> String? {
    let word = String(text.lowercased().drop { $0 == "-" }).replacing("_", with: "-")
    if let known = synonyms[word], names.contains(known) { return known }
    return names.first { initials(of: $0) == word } ?? NearestName.of(text, among: names)
      ?? word.split(separator: "-").lazy.compactMap { part in names.first { $0 == part } }.first
  }

  /// `lr` of `learning-rate`; nil for a name of one word.
  private static func initials(of name: String) -> String? {
    let words = name.lowercased().split(separator: "-")
    return words.count > 1 ? String(words.compactMap(\.first)) : nil
  }
}
