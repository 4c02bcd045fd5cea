import Foundation
import Testing

@testable import UnrollFigures

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct GnuplotTextTests {
  /// Each would run a command, end the string or the script's block, or break the SVG, if it were
  /// taken for anything but text. gnuplot's working folder lies in the figure's.
  static let hostile = [
    #"a'b"c\`touch ../ran`\_$d"#, "`touch ../ran`", "\"`touch ../ran`\"", "'; system 'touch ../ran",
    "x\n!touch ../ran\n", "x\r\nsystem('touch ../ran')", "EOD\n!touch ../ran",
    "@x ${HOME} }}{{ # \\",
    "%d %s %n 100%", "<b>&amp;]]> \u{0} \u{1B}[2J \u{202E} x", "{/Bold x}_{y}^z", "|touch ../ran",
    "", "'", "''", "\\", "温度 é 🌡", String(repeating: "long ", count: 400),
  ]

  @Test(arguments: hostile)
  func textNeitherRunsNorBreaks(_ label: String) throws {
    let gnuplot = try installedGnuplot()
    for (name, figure) in allFigures(label: label) {
      try withFolder { folder in
        try figure.write(to: folder, name: name, gnuplot: gnuplot)
        #expect(try contents(folder) == ["\(name).gp", "\(name).png", "\(name).svg"])
        let svg = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).svg"))
        #expect(
          XMLParser(data: svg).parse(), "not well-formed: \(name) of \(label.debugDescription)")
      }
      if let figure = figure as? any TerminalFigure {
        let plot = try #require(figure.terminalPlot(gnuplot: gnuplot))
        #expect(plot.unicodeScalars.allSatisfy { $0 == "\n" || (32..<127).contains($0.value) })
      }
    }
    #expect(!FileManager.default.fileExists(atPath: NSTemporaryDirectory() + "/ran"))
  }

  /// What the test above relies on: a backquote in double quotes does run from gnuplot.
  @Test func backquotesDoRunWhereTheyAreNotQuoted() throws {
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      _ = try gnuplot.run("x = \"`touch \(folder)/ran`\"\n")
      #expect(try contents(folder) == ["ran"])
    }
  }

  /// But for its apostrophe.
  @Test func labelIsShownAsItIs() throws {
    let label = #"a'b"c\`x`\_$d"#
    try withFolder { folder in
      try decayFigure([exponentialCurve(label, "h", rate: 0.5)])
        .write(to: folder, name: "decay", gnuplot: try installedGnuplot())
      #expect(try text("\(folder)/decay.svg").contains(#"<text>a’b"c\`x`\_$d h: 0.500/step"#))
    }
  }
}
