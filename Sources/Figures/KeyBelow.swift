/// A key below the plot, in as many columns as its entries leave room for. Each entry has a place of
/// its own: gnuplot's own columns take every character for a wide one.
struct KeyBelow {
  private static let left = 20
  /// The width of the sample before a text.
  private static let sample = 46
  private static let (gap, pitch) = (20, 18)

  /// The entries' texts; a long name loses its middle, what was found is kept.
  private let texts: [String]
  private let rows: Int
  /// Where the texts of each column begin.
  private let columns: [Int]
  private let top: Int
  private let canvasWidth: Int

  /// The height of the canvas that ends below the key.
  var canvasHeight: Int { top + Self.pitch * (rows - 1) + 24 }

  /// A key below a plot whose lower edge is `bottom` pixels from the top.
  init(
    _ entries: [(name: String, finding: String)], below bottom: Int, canvasWidth: Int = 900
  ) {
    let width = canvasWidth - 2 * Self.left
    let room = Double(width - Self.sample)
    let texts = entries.map { name, finding in
      let found = finding.isEmpty ? "" : ": \(finding)"
      let name = name.fitted(to: max(room - TextWidth.pixels(found), room / 3))
      return (name + found).fitted(to: room)
    }
    let layouts = [3, 2, 1].map { count in
      let rows = max((texts.count + count - 1) / count, 1)
      return (rows: rows, widths: Self.widths(texts, rows: rows))
    }
    let layout = layouts.first { $0.widths.reduce(-Self.gap, +) <= width } ?? layouts[2]
    self.canvasWidth = canvasWidth
    self.texts = texts
    rows = layout.rows
    columns = layout.widths.indices.map { column in
      layout.widths[..<column].reduce(Self.left + Self.sample, +)
    }
    top = bottom + 68
  }

  /// The columns' widths with the gaps after them.
  private static func widths(_ texts: [String], rows: Int) -> [Int] {
    stride(from: 0, to: texts.count, by: rows).map { first in
      let column = texts[first..<min(first + rows, texts.count)]
      return sample + Int(column.map { TextWidth.pixels($0) }.max() ?? 0) + gap
    }
  }

  /// The title of the plot that draws the sample of entry `index`, at its place.
  func title(_ index: Int) -> String {
    let canvas = Drawing(width: canvasWidth, height: canvasHeight)
    let (x, y) = (columns[index / rows], top + index % rows * Self.pitch)
    return "title \(GnuplotText.literal(texts[index], limit: .max)) "
      + "at \(canvas.across(x)),\(canvas.down(y)) noenhanced"
  }

  /// The look of the samples.
  static let command = "set key noautotitle Left reverse samplen 4"
}
