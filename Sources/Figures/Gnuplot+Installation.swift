import UnrollText

extension Gnuplot {
  /// The command that installs gnuplot on this system.
  package static var installCommand: String {
    UnrollText.installCommand(debian: "gnuplot-nox", homebrew: "gnuplot")
  }
}
