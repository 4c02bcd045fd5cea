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
        + "Left reverse vertical maxrows \(key.rows) samplen 4 spacing 1.25")
  }
}
