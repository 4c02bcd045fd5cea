import Foundation

/// What lies at a path, symbolic links followed.
package enum FileKind {
  case nothing, regular, directory, other

  package init(atPath path: String) {
    var status = stat()
    self = stat(path, &status) == 0 ? FileKind(status) : .nothing
  }

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    default: self = .other
    }
  }
}
