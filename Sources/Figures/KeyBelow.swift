/// A key below the plot, in two columns where its entries are short enough.
struct KeyBelow {
  let rows: Int
  /// The pixels it takes, with those between it and the plot.
  var height: Int { 76 + 23 * rows }

  init(_ entries: [String]) {
    let columns = entries.count > 2 && (entries.map(\.count).max() ?? 0) <= 56 ? 2 : 1
    rows = max((entries.count + columns - 1) / columns, 1)
  }
}

extension Drawing {
  /// Places `key` below a plot whose lower edge is `bottom` pixels from the top.
  mutating func place(_ key: KeyBelow, belowPlotAt bottom: Int) {
    commands.append(
      "set key at screen \(across(20)),\(down(bottom + 60)) left top "
        + "Left reverse vertical maxrows \(key.rows) samplen 3 spacing 1.25")
  }
}

extension [String] {
  /// The place of `value` among the different values, in the order they first appear: it decides a
  /// colour or dashes.
  func place(of value: String) -> Int {
    var seen: [String] = []
    for candidate in self where !seen.contains(candidate) { seen.append(candidate) }
    return seen.firstIndex(of: value) ?? 0
  }
}
