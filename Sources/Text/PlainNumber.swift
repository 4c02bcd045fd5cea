extension Double {
  /// The shortest text that reads back as the number, without a needless `.0`, as settings are
  /// written: `norm:1`, `identity:0.5`.
  public var plainText: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
