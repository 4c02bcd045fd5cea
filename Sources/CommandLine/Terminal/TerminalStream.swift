import Foundation

/// Columns and rows of a terminal.
package struct TerminalSize: Sendable, Equatable {
  package var columns: Int
  package var rows: Int

  /// What is assumed where nothing is known.
  package static let fallback = TerminalSize(columns: 80, rows: 24)

  package init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
  }
}

/// One of the program's two streams and what is known about the terminal behind it.
package struct TerminalStream: Sendable {
  package let sink: any TextSink
  /// Whether a person watches it.
  package let isTerminal: Bool
  /// Asked each time, because windows can be resized.
  package let size: @Sendable () -> TerminalSize

  package init(
    sink: any TextSink, isTerminal: Bool,
    size: @escaping @Sendable () -> TerminalSize = { .fallback }
  ) {
    self.sink = sink
    self.isTerminal = isTerminal
    self.size = size
  }

  /// A stream that leads nowhere.
  package static let silent = TerminalStream(sink: NoSink(), isTerminal: false)

  /// The stream of a file descriptor; its size is the terminal's, else `COLUMNS` and `LINES`, else
  /// 80 by 24.
  package static func descriptor(_ descriptor: Int32, environment: [String: String])
    -> TerminalStream
  {
    let assumed = TerminalSize(
      columns: positive(environment["COLUMNS"]) ?? TerminalSize.fallback.columns,
      rows: positive(environment["LINES"]) ?? TerminalSize.fallback.rows)
    return TerminalStream(
      sink: FileDescriptorSink(descriptor: descriptor), isTerminal: isatty(descriptor) == 1
    ) {
      var window = winsize()
      guard ioctl(descriptor, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0
      else { return assumed }
      return TerminalSize(columns: Int(window.ws_col), rows: Int(window.ws_row))
    }
  }

  private static func positive(_ text: String?) -> Int? {
    text.flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
  }
}
