import Foundation
import UnrollFileFormats
import UnrollText

/// A picture that a page holds in itself.
public struct PagePicture: Sendable {
  /// The content of an `img` element.
  private let source: String

  /// The picture of a file; nil where there is none, or where it is no whole PNG file.
  public init?(path: String) {
    guard let bytes = FileManager.default.contents(atPath: path), PNGFile.isWhole(bytes)
    else { return nil }
    source = "data:image/png;base64," + bytes.base64EncodedString()
  }

  /// The picture below its title.
  package func html(title: String) -> String {
    "<figure class=\"picture\"><figcaption>\(title.markupEscaped)</figcaption>"
      + "<img alt=\"\(title.markupEscaped)\" src=\"\(source)\"></figure>"
  }
}
