import UnrollText

/// A figure that also has a small form made of characters.
public protocol TerminalFigure: Figure {
  /// The plot's commands for a terminal of `columns` × `rows` characters.
  func terminalDrawing(columns: Int, rows: Int) -> Drawing
  /// The line above the plot.
  var terminalTitle: String { get }
  /// What the marks in the plot mean, printed below it.
  var terminalKey: [TerminalKeyEntry] { get }
}

extension Drawing {
  /// Plots the data as marks, one for each block. Where curves lie on one another they take turns:
  /// each is drawn last in some of the columns. Blocks that are `inFront` are drawn after all of them.
  mutating func plotMarks(
    _ using: String, marks: [String], inFront: (Int) -> Bool = { _ in false }
  ) {
    let columns = width - 12
    let isInFront = data.indices.map(inFront)
    let turns = data.enumerated().map { place, block in
      let rows = block.rows.enumerated().filter { index, _ in
        let column = index * columns / max(block.rows.count, columns)
        return column % data.count == place
      }
      return DataBlock(
        name: "\(block.name)_turn", columns: block.columns, rows: rows.map(\.element))
    }
    let plots = zip(data + turns, marks + marks).map { block, mark in
      "\(block.source(using)) with points pt '\(mark)'"
    }
    let front = zip(plots, isInFront).filter(\.1).map(\.0)
    data += turns
    commands.append(plotCommand(plots + front))
  }
}

/// A line of a terminal figure's key.
public struct TerminalKeyEntry: Sendable, Equatable {
  /// As in the plot.
  public var mark: String
  /// What is drawn; a long one loses its middle.
  public var name: String
  /// What was found, kept whole where it leaves the name some room; may be empty.
  public var finding: String

  /// An entry of the key.
  public init(mark: String, name: String, finding: String = "") {
    self.mark = mark
    self.name = name
    self.finding = finding
  }

  /// `*  rnn h: 0.583/step` in at most `columns`.
  func line(columns: Int, isASCII: Bool = true) -> String {
    let spelling = isASCII ? ASCIIText.of : { $0 }
    let found = finding.isEmpty ? "" : ": " + spelling(GnuplotText.oneLine(finding))
    let room = columns - 5
    let name = spelling(GnuplotText.oneLine(name))
      .shortened(to: max(12, room - found.count), gap: "...")
    return "  \(mark)  " + ASCIIText.cut(name + found, to: room)
  }
}

extension TerminalFigure {
  /// The figure in plain ASCII for a terminal: a title, a plot of `rows` lines, and with `showsKey` a
  /// line for each mark in it, none longer than `columns` or ending in blanks. The least size is
  /// 40 × 10. Title and key keep other letters unless `isASCII`. Nil when gnuplot is missing or fails.
  public func terminalPlot(
    columns: Int = 79, rows: Int = 20, showsKey: Bool = true, isASCII: Bool = true,
    gnuplot: Gnuplot? = Gnuplot()
  ) -> String? {
    let width = min(max(columns, 40), 400)
    let height = min(max(rows, 10), 200)
    let drawing = terminalDrawing(columns: width, rows: height)
    var script = [
      "set encoding utf8", "set terminal dumb size \(width),\(height) noenhanced nofeed",
    ]
    script += drawing.data.map(\.text)
    script += ["set key noautotitle", "set border 3", "set tics nomirror"]
    script += drawing.commands
    guard let plot = try? gnuplot?.run(script.joined(separator: "\n") + "\n") else { return nil }
    let key = (showsKey ? terminalKey : []).map { $0.line(columns: width, isASCII: isASCII) }
    var lines = plot.split(separator: "\n", omittingEmptySubsequences: false).map(trimmingTrailing)
    while lines.last?.isEmpty == true { lines.removeLast() }
    while lines.first?.isEmpty == true { lines.removeFirst() }
    let plain = Self.withoutLastBrackets(GnuplotText.oneLine(terminalTitle), above: width - 5)
    let title =
      "     "
      + (isASCII
        ? ASCIIText.cut(ASCIIText.of(plain), to: width - 5) : StyledText.cut(plain, to: width - 5))
    return ([title] + lines + key).joined(separator: "\n") + "\n"
  }

  /// The title, but for the brackets at its end where it is too wide: a narrow terminal can do without them.
  private static func withoutLastBrackets(_ title: String, above columns: Int) -> String {
    guard StyledText.columns(of: title) > columns, title.hasSuffix(")") || title.hasSuffix("）"),
      let bracket = title.lastIndex(where: "(（".contains)
    else { return title }
    return title[..<bracket].trimmingCharacters(in: .whitespaces)
  }

  private func trimmingTrailing(_ line: Substring) -> String {
    var line = line
    while line.last?.isWhitespace == true { line.removeLast() }
    return String(line)
  }
}
