/// The program's version, as `--version` prints it and run folders record it.
package enum Version {
  package static let current = "0.1.0"
}
