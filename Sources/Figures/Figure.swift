import Foundation
import UnrollText

/// Something gnuplot can draw. A figure is plain data; `drawing` turns it into gnuplot's commands.
public protocol Figure: Sendable {
  /// The figure as gnuplot draws it, computed from the figure's data alone.
  var drawing: Drawing { get }
}

extension Figure {
  /// A gnuplot script that holds all its data: `gnuplot name.gp`, from any folder, writes the
  /// pictures `name.svg` and `name.png` beside the script. The same figure always gives the same
  /// text.
  ///
  /// `name` names files: letters, digits, `-` and `_`.
  public func script(
    name: String, formats: [FigureFormat] = FigureFormat.allCases
  ) -> String {
    require(
      !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" },
      "a figure's name holds letters, digits, - and _, got \(name)")
    let drawing = drawing
    let pictures = formats.map { "\(name).\($0.rawValue)" }.joined(separator: ", ")
    var lines = ["# gnuplot \(name).gp writes, beside this file: \(pictures)", "set encoding utf8"]
    lines += drawing.data.map(\.text)
    lines.append(
      "folder(path) = path eq '' ? './' : path[strlen(path):] eq '/' ? path "
        + ": folder(path[1:strlen(path) - 1])")
    lines.append("do for [format in '\(formats.map(\.rawValue).joined(separator: " "))'] {")
    lines.append("reset")
    for format in formats {
      let terminal = format.terminal(width: drawing.width, height: drawing.height, name: name)
      lines.append("if (format eq '\(format.rawValue)') { \(terminal) }")
    }
    lines.append("set output folder(ARG0).'\(name).'.format")
    lines += drawing.commands
    lines += ["unset output", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// Draws the figure into `folder`, which must exist, and returns the paths of the files made:
  /// `name.gp` first, then one picture for each of `formats`. Each file appears whole or not at
  /// all. The script is written in any case; pictures only when all of them could be drawn. Otherwise none are
  /// there, not even those of an earlier figure, which would be taken for this one's.
  ///
  /// Throws `FigureError.gnuplotMissing` when `gnuplot` is nil, and the other cases as they say.
  @discardableResult
  public func write(
    to folder: String, name: String, formats: [FigureFormat] = FigureFormat.allCases,
    gnuplot: Gnuplot? = Gnuplot(), timeout: Double = 60
  ) throws(FigureError) -> [String] {
    try ScratchFolder.with(in: folder) { scratch throws(FigureError) in
      let text = script(name: name, formats: formats)
      try scratch.write(text, to: "\(name).gp")
      var written = [try scratch.publish("\(name).gp", to: folder)]
      guard !formats.isEmpty else { return written }
      let pictures = formats.map { "\(name).\($0.rawValue)" }
      do throws(FigureError) {
        guard let gnuplot else { throw .gnuplotMissing }
        try scratch.write(text, to: "\(name).gp")
        _ = try gnuplot.run(scriptNamed: "\(name).gp", in: scratch, timeout: timeout)
        for (picture, format) in zip(pictures, formats) {
          guard let file = scratch.read(picture), format.isWhole(file) else {
            throw .pictureIncomplete(name: picture)
          }
        }
        for picture in pictures { written.append(try scratch.publish(picture, to: folder)) }
      } catch {
        for picture in pictures { scratch.withdraw(picture, from: folder) }
        throw error
      }
      return written
    }
  }
}
