import Foundation
import Synchronization
import UnrollText

/// What a command writes to: stdout for the result, stderr for progress, warnings and errors.
///
/// On a terminal some lines at the bottom may be *live*: redrawn in place (`drawLive`). Whatever
/// else is written meanwhile appears above them. Safe to use from several threads.
///
/// Every text that is written passes through `rendered`, whatever file, path or name it quotes: control
/// characters, and those that reorder text, are shown as `\u{1B}` and do nothing. The program's own are
/// the line breaks of a result, the marks of `TextStyle`, and the sequences that move live lines.
///
/// Writing never throws, so that a run still writes its files when nobody reads its output any more:
/// a closed stdout (`unroll … | head`) is ignored, another failure is kept in
/// `outputFailure` and becomes the program's last error.
package final class Terminal: TextPage, Sendable {
  private struct State {
    var isQuiet = false
    var isJSON = false
    var hasPrintedJSON = false
    var warnings: Set<String> = []
    var live: [String] = []
    var isOutputClosed = false
    var outputFailure: Int32?
  }

  private let output: TerminalStream
  private let diagnostics: TerminalStream
  private let hasColor: Bool
  private let hasCursorMovement: Bool
  private let state = Mutex(State())

  /// Whether characters beyond ASCII may be drawn, by the locale.
  package let hasUnicode: Bool

  /// - Parameters:
  ///   - environment: decides on color (`NO_COLOR`, `TERM`) and characters (`LC_ALL`, `LC_CTYPE`, `LANG`).
  ///   - isLaunched: whether an MPI launcher has started the process. It may give it a terminal of its own,
  ///     and pass on to a file what is written there.
  package init(
    output: TerminalStream, diagnostics: TerminalStream, environment: [String: String],
    isLaunched: Bool = false
  ) {
    self.output = output
    self.diagnostics = diagnostics
    hasCursorMovement = environment["TERM"] != "dumb" && !isLaunched
    hasColor = hasCursorMovement && (environment["NO_COLOR"] ?? "").isEmpty
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy
      .compactMap { environment[$0] }.first { !$0.isEmpty }
    let codeset = (locale ?? "").uppercased()
    hasUnicode = codeset.contains("UTF-8") || codeset.contains("UTF8")
  }

  /// The process's own stdout and stderr.
  ///
  /// - Parameter isLaunched: whether an MPI launcher has started the process.
  package static func standard(isLaunched: Bool) -> Terminal {
    let environment = ProcessInfo.processInfo.environment
    return Terminal(
      output: .descriptor(STDOUT_FILENO, environment: environment),
      diagnostics: .descriptor(STDERR_FILENO, environment: environment), environment: environment,
      isLaunched: isLaunched)
  }

  /// Writes nowhere.
  package static let silent = Terminal(
    output: .silent, diagnostics: .silent, environment: [:])

  /// Sets what `--quiet` and `--json` ask for.
  package func configure(quiet: Bool, json: Bool) {
    state.withLock {
      $0.isQuiet = quiet
      $0.isJSON = json
    }
  }

  // MARK: The result

  /// Whether stdout shall hold one JSON object and nothing else.
  package var isJSON: Bool { state.withLock { $0.isJSON } }

  /// Columns of the terminal behind stdout.
  package var outputColumns: Int { output.size().columns }

  /// Whether nobody reads stdout any more: a command that writes on and on may stop.
  package var isOutputClosed: Bool { state.withLock { $0.isOutputClosed } }

  /// The `errno` of the first write to stdout that failed for another reason.
  package var outputFailure: Int32? { state.withLock { $0.outputFailure } }

  /// Prints a part of the result and a line break; nothing under `--json`.
  package func print(_ text: String) { write(text + "\n") }

  /// Prints a part of the result without a line break; nothing under `--json`.
  package func write(_ text: String) {
    state.withLock { state in
      if !state.isJSON { writeOutput(rendered(text, on: output, keepingLines: true), &state) }
    }
  }

  /// Prints the one object that stdout holds under `--json`; nothing without it.
  package func printJSON(_ object: @autoclosure () throws -> String) rethrows {
    guard isJSON else { return }
    let text = try object()
    state.withLock { state in
      require(!state.hasPrintedJSON, "expected one JSON object on stdout, got a second one")
      state.hasPrintedJSON = true
      writeOutput(rendered(text + "\n", on: output, keepingLines: true), &state)
    }
  }

  /// `text` in a style, where stdout is a terminal with colors.
  package func styled(_ text: String, _ style: TextStyle) -> String {
    hasStyles(output) ? style.applied(to: text) : text
  }

  // MARK: Progress, warnings, errors

  /// Whether live lines are drawn: a person watches stderr and did not ask for quiet.
  package var isLive: Bool {
    diagnostics.isTerminal && hasCursorMovement && !isQuiet
  }

  package var isQuiet: Bool { state.withLock { $0.isQuiet } }

  /// Size of the terminal behind stderr.
  package var diagnosticsSize: TerminalSize { diagnostics.size() }

  /// Writes a line of progress that stays; nothing under `--quiet`.
  package func note(_ line: String) {
    state.withLock { state in
      if !state.isQuiet { writeAboveLive(line, &state) }
    }
  }

  /// Writes a line that says how a command ended before its end and how to go on, also under `--quiet`.
  package func tell(_ line: String) {
    state.withLock { writeAboveLive(line, &$0) }
  }

  /// Writes a warning, once for each text, also under `--quiet`.
  package func warn(_ message: String) {
    state.withLock { state in
      guard state.warnings.insert(message).inserted else { return }
      let label = diagnosticsStyled("warning:", .yellow)
      writeAboveLive("unroll: \(label) \(message)", &state)
    }
  }

  /// Writes the one line that says what went wrong.
  package func error(_ message: String) {
    state.withLock { writeAboveLive("\(diagnosticsStyled("unroll:", .red)) \(message)", &$0) }
  }

  /// `text` in a style, where stderr is a terminal with colors.
  package func diagnosticsStyled(_ text: String, _ style: TextStyle) -> String {
    hasStyles(diagnostics) ? style.applied(to: text) : text
  }

  // MARK: Live lines

  /// The columns of the last live line. Behind it there is room for the ^C that terminals show: at the edge
  /// it would begin another line, and the live lines would no longer be where they were drawn.
  package var lastLiveColumns: Int { max(1, diagnostics.size().columns - 3) }

  /// Draws `lines` in place of the live lines drawn before, cut to the terminal's width; nothing
  /// where `isLive` is false.
  package func drawLive(_ lines: [String]) {
    guard isLive else { return }
    // The last column stays free: writing there makes some terminals wrap.
    let (columns, lastColumns) = (max(1, diagnostics.size().columns - 1), lastLiveColumns)
    let last = lines.count - 1
    let cut = lines.enumerated().map { place, line in
      rendered(
        StyledText.cut(
          line.visible(keepingLines: false), to: place == last ? lastColumns : columns),
        on: diagnostics, keepingLines: false)
    }
    state.withLock { state in
      let erased = state.live.count > cut.count ? "\u{1B}[J" : ""
      writeDiagnostics(toTop(of: state.live) + frame(cut) + erased)
      state.live = cut
    }
  }

  /// Removes the live lines.
  package func clearLive() {
    state.withLock { state in
      guard !state.live.isEmpty else { return }
      writeDiagnostics(toTop(of: state.live) + "\u{1B}[J")
      state.live = []
    }
  }

  /// Moves the cursor from the end of the live lines to their beginning.
  private func toTop(of live: [String]) -> String {
    live.count > 1 ? "\r\u{1B}[\(live.count - 1)A" : "\r"
  }

  private func frame(_ lines: [String]) -> String {
    lines.map { $0 + "\u{1B}[K" }.joined(separator: "\n")
  }

  // MARK: What is written

  private func hasStyles(_ stream: TerminalStream) -> Bool { hasColor && stream.isTerminal }

  /// `text` as a stream may get it.
  private func rendered(_ text: String, on stream: TerminalStream, keepingLines: Bool) -> String {
    let visible = text.visible(keepingLines: keepingLines)
    return hasStyles(stream)
      ? StyledText.withSequences(visible) : StyledText.withoutStyles(visible)
  }

  // MARK: Writing, with the state locked

  private func writeOutput(_ text: String, _ state: inout State) {
    guard !state.isOutputClosed, state.outputFailure == nil else { return }
    let sharesScreen = output.isTerminal && !state.live.isEmpty
    if sharesScreen { writeDiagnostics(toTop(of: state.live) + "\u{1B}[J") }
    do {
      try output.sink.write(text)
    } catch {
      switch error {
      case .closed: state.isOutputClosed = true
      case .failed(let code): state.outputFailure = code
      }
    }
    if sharesScreen { writeDiagnostics(frame(state.live)) }
  }

  /// Writes one line.
  private func writeAboveLive(_ line: String, _ state: inout State) {
    let text = rendered(line, on: diagnostics, keepingLines: false) + "\n"
    guard !state.live.isEmpty else { return writeDiagnostics(text) }
    writeDiagnostics(toTop(of: state.live) + "\u{1B}[J" + text + frame(state.live))
  }

  private func writeDiagnostics(_ text: String) {
    // There is nowhere left to say that stderr failed.
    try? diagnostics.sink.write(text)
  }
}
