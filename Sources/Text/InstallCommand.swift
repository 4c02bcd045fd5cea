/// The command that installs a package on this system.
///
/// - Parameters:
///   - debian: its name in Debian and Ubuntu.
///   - homebrew: its name in Homebrew.
package func installCommand(debian: String, homebrew: String) -> String {
  #if os(macOS)
    "brew install \(homebrew)"
  #else
    "apt-get install \(debian)"
  #endif
}
