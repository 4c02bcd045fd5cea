/// What a manual page says besides commands and options.
package struct Manual: Sendable {
  /// A name and what it is.
  package typealias Entry = (name: String, text: String)

  package let version: String
  /// The environment variables that the program reads.
  package let environment: [Entry]
  /// The files that it writes.
  package let files: [Entry]

  package init(version: String = "", environment: [Entry] = [], files: [Entry] = []) {
    self.version = version
    self.environment = environment
    self.files = files
  }
}
