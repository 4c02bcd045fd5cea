extension Gnuplot {
  /// The command that installs gnuplot on this system.
  package static var installCommand: String {
    #if os(macOS)
      "brew install gnuplot"
    #else
      "apt-get install gnuplot-nox"
    #endif
  }
}
