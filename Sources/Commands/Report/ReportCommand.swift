import UnrollCommandLine

extension OptionKey<[String]> {
  static var reportedFolders: OptionKey { OptionKey("dir") }
}

extension OptionKey<Bool> {
  static var watch: OptionKey { OptionKey("watch") }
}

extension Command {
  /// `unroll report [DIR…]`.
  static let report = Command(
    name: "report",
    arguments: [
      .argument(
        .reportedFolders, .repeatedTexts(), default: .value("runs"),
        "folders of runs, or folders that hold such folders")
    ],
    summary: "writes one HTML page about runs: what was run, tables and figures",
    discussion: """
      Writes one HTML file about any runs: of train, decay, clip, sweep and merge, depth, and the \
      others. It needs no other file and no network. For each run it has the command line that makes \
      it again, the results as tables, and figures drawn from the run's CSV files. Several training \
      runs, decay measurements or networks are also drawn side by side in one figure.

      In the browser a click on a column sorts a table. In a figure the pointer shows the values as \
      the CSV file has them, a drag zooms, and the key switches curves on and off. Axes go from \
      logarithmic to linear and back. All of it works from the keyboard. Long curves are thinned so \
      that no spike and no gap is lost. Without JavaScript the page shows the same figures and tables.

      A run that has not ended is shown as far as it has come. --watch writes the page anew whenever \
      the runs' files change, and the page loads itself again. It ends when no run goes on, or with \
      Ctrl-C.

      A file is replaced only if this command wrote it.
      """,
    examples: [
      Example(
        line: "unroll report runs/decay-adding runs/train-adding",
        explanation: "one page of two runs: report.html"),
      Example(
        line: "unroll report runs/sweep-adding --watch --out sweep.html",
        explanation: "a page that follows a sweep while it goes on"),
    ],
    options: [
      OptionSpec(
        .out, .text(), "FILE", default: .value("report.html"), group: .run, isRecorded: false,
        "the page"),
      OptionSpec(
        .watch, .flag, group: .run, isRecorded: false,
        "write the page anew while the runs go on"),
    ] + OptionTable.rows("json", "quiet"),
    computes: false
  ) { arguments, terminal in
    try ReportSession(arguments, terminal: terminal).run()
  }
}
