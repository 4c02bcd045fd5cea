/// A bar that fills from left to right.
package enum ProgressBar {
  /// A bar of `width` columns, `done` of it full (0 to 1).
  package static func text(done: Double, width: Int, unicode: Bool) -> String {
    guard width > 0 else { return "" }
    let share = done.isFinite ? min(max(done, 0), 1) : 0
    let full = Int((share * Double(width)).rounded(.down))
    let filled = String(repeating: unicode ? "━" : "=", count: full)
    let rest = String(repeating: unicode ? "─" : ".", count: width - full)
    return filled + rest
  }
}
