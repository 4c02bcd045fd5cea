/// The program's version, as `--version` prints it and run folders record it.
enum Version {
  static let current = "0.1.0"
}
