extension Character {
  /// The columns that the character fills on a terminal: two for Chinese, Japanese and Korean ones, whose
  /// lines break between any two of them; none for the mark of a style.
  package var columns: Int { isASCII ? 1 : isStyleMark ? 0 : isWide ? 2 : 1 }

  /// Whether it is an East Asian character of full width.
  package var isWide: Bool {
    guard let value = unicodeScalars.first?.value else { return false }
    return switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x20000...0x3FFFD:
      true
    default: false
    }
  }

  /// Whether a line of Chinese may not begin with it.
  var staysBehind: Bool { "，。、；：？！）》”’％".contains(self) }
}
