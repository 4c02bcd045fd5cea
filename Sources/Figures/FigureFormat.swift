import Foundation
import UnrollFileFormats

/// A picture format a figure can be drawn in. The raw value is also the file's extension.
public enum FigureFormat: String, CaseIterable, Sendable {
  /// Scalable Vector Graphics.
  case svg
  /// Portable Network Graphics, at one pixel a unit of the canvas.
  case png

  /// The gnuplot command that selects this format for a canvas of `width` × `height` pixels.
  func terminal(width: Int, height: Int, name: String) -> String {
    switch self {
    case .svg:
      // Of the characters that a figure's name may have, gnuplot refuses the hyphen here.
      "set terminal svg size \(width),\(height) enhanced font 'sans-serif,12' background '#ffffff' "
        + "name \(GnuplotText.literal(name.replacingOccurrences(of: "-", with: "_")))"
    case .png:
      // The factor turns points into the pixels that SVG counts in.
      "set terminal pngcairo size \(width),\(height) enhanced font 'sans,12' fontscale 0.75 "
        + "background '#ffffff'"
    }
  }

  /// Whether `file` starts and ends as a file of this format does. A full disk can cut a picture
  /// short without gnuplot noticing.
  func isWhole(_ file: Data) -> Bool {
    switch self {
    case .svg:
      file.starts(with: Data("<?xml".utf8)) && file.suffix(16).range(of: Data("</svg>".utf8)) != nil
    case .png: PNGFile.isWhole(file)
    }
  }
}
