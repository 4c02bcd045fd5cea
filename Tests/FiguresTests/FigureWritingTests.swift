import Foundation
import Testing

@testable import UnrollFigures

/// A figure made of any commands, to see what happens when they are wrong.
private struct AnyCommands: TerminalFigure {
  var commands: [String]

  var drawing: Drawing {
    var drawing = Drawing(width: 300, height: 200)
    drawing.commands = commands
    return drawing
  }

  func terminalDrawing(columns: Int, rows: Int) -> Drawing { drawing }
  var terminalTitle: String { "" }
  var terminalKey: [TerminalKeyEntry] { [] }
}

@Suite struct FigureWritingTests {
  private let figure = decayFigure([
    exponentialCurve("rnn", "h", rate: 0.583), exponentialCurve("lstm", "h", rate: 0.85),
    exponentialCurve("lstm", "c", rate: 0.86),
  ])

  /// The pictures of an earlier figure are not those of the script beside them.
  @Test func withoutNewPicturesThereAreNoOldOnes() throws {
    try withFolder { folder in
      for name in ["decay.svg", "decay.png", "other.png"] {
        try "old".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
      }
      #expect(throws: FigureError.gnuplotMissing) {
        try figure.write(to: folder, name: "decay", gnuplot: nil)
      }
      #expect(try contents(folder) == ["decay.gp", "other.png"])
    }
  }

  @Test func writesScriptAndPictures() throws {
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      let written = try figure.write(to: folder, name: "decay", gnuplot: gnuplot)
      #expect(written == ["gp", "svg", "png"].map { "\(folder)/decay.\($0)" })
      #expect(try contents(folder) == ["decay.gp", "decay.png", "decay.svg"])
      let png = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/decay.png"))
      #expect(FigureFormat.png.isWhole(png) && png.count > 10_000)
      let svg = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/decay.svg"))
      #expect(FigureFormat.svg.isWhole(svg) && svg.count > 10_000)
      #expect(!FigureFormat.png.isWhole(png.dropLast(9)))
      #expect(!FigureFormat.svg.isWhole(svg.dropLast(9)))
    }
  }

  @Test func sameDataSameBytes() throws {
    let gnuplot = try installedGnuplot()
    let files = try (0..<2).map { _ in
      try withFolder { folder in
        try figure.write(to: folder, name: "decay", gnuplot: gnuplot).map {
          try Data(contentsOf: URL(fileURLWithPath: $0))
        }
      }
    }
    #expect(files[0] == files[1])
  }

  /// As a person would, with gnuplot itself, from another folder, and with the script moved away.
  @Test func scriptAloneReproducesThePictures() throws {
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      try figure.write(to: folder, name: "decay", gnuplot: gnuplot)
      let moved = folder + "/moved"
      try FileManager.default.createDirectory(atPath: moved, withIntermediateDirectories: false)
      try FileManager.default.copyItem(atPath: "\(folder)/decay.gp", toPath: "\(moved)/decay.gp")
      let process = Process()
      process.executableURL = URL(fileURLWithPath: gnuplot.path)
      process.arguments = ["\(moved)/decay.gp"]
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(try text("\(moved)/decay.svg") == text("\(folder)/decay.svg"))
      #expect(try contents(moved) == ["decay.gp", "decay.png", "decay.svg"])
    }
  }

  @Test func writesOnlyTheFormatsAskedFor() throws {
    let gnuplot = try installedGnuplot()
    try withFolder { folder in
      try figure.write(to: folder, name: "loss", formats: [.svg], gnuplot: gnuplot)
      #expect(try contents(folder) == ["loss.gp", "loss.svg"])
    }
  }

  @Test func withoutGnuplotTheScriptIsWritten() throws {
    try withFolder { folder in
      #expect(throws: FigureError.gnuplotMissing) {
        try figure.write(to: folder, name: "decay", gnuplot: Gnuplot(searchPath: folder))
      }
      let files = try contents(folder)
      #expect(files == ["decay.gp"])
      let script = try text("\(folder)/decay.gp")
      #expect(script == figure.script(name: "decay"))
      #expect(figure.terminalPlot(gnuplot: nil) == nil)
    }
  }

  @Test func failureLeavesNoPicture() throws {
    let gnuplot = try installedGnuplot()
    let broken = AnyCommands(commands: ["plot [0:1] x", "plot missing"])
    try withFolder { folder in
      try Data("old".utf8).write(to: URL(fileURLWithPath: "\(folder)/bad.svg"))
      do {
        try broken.write(to: folder, name: "bad", gnuplot: gnuplot)
        Issue.record("a broken script was accepted")
      } catch FigureError.gnuplotFailed(let status, let firstLine) {
        #expect(status == 1)
        #expect(firstLine.contains("undefined variable: missing"))
      }
      #expect(try contents(folder) == ["bad.gp"])
      #expect(broken.terminalPlot(gnuplot: gnuplot) == nil)
    }
  }

  @Test func slowScriptLeavesNothing() throws {
    let gnuplot = try installedGnuplot()
    let slow = AnyCommands(commands: ["plot [0:1] x", "pause 60"])
    try withFolder { folder in
      #expect(throws: FigureError.gnuplotTimedOut(seconds: 0.2)) {
        try slow.write(to: folder, name: "slow", gnuplot: gnuplot, timeout: 0.2)
      }
      let files = try contents(folder)
      #expect(files == ["slow.gp"])
    }
  }

  @Test func foldersThatCanNotBeWritten() throws {
    try withFolder { folder in
      let missing = "\(folder)/missing"
      #expect(throws: FigureError.cannotWrite(path: missing, errno: ENOENT)) {
        try figure.write(to: missing, name: "decay")
      }
      let file = "\(folder)/file"
      try Data().write(to: URL(fileURLWithPath: file))
      #expect(throws: FigureError.cannotWrite(path: file, errno: ENOTDIR)) {
        try figure.write(to: file, name: "decay")
      }
      let files = try contents(folder)
      #expect(files == ["file"])
    }
  }

  @Test func nameTakenByAFolder() throws {
    try withFolder { folder in
      let taken = "\(folder)/decay.gp"
      try FileManager.default.createDirectory(atPath: taken, withIntermediateDirectories: false)
      #expect(throws: FigureError.cannotWrite(path: taken, errno: EISDIR)) {
        try figure.write(to: folder, name: "decay")
      }
      let files = try contents(folder)
      #expect(files == ["decay.gp"])
    }
  }

  @Test func folderNamesWithAnyCharacters() throws {
    let gnuplot = try installedGnuplot()
    try withFolder { parent in
      let folder = parent + "/it's `a` $b \"c\" |d"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
      try figure.write(to: folder, name: "decay", gnuplot: gnuplot)
      #expect(try contents(folder) == ["decay.gp", "decay.png", "decay.svg"])
    }
  }
}
