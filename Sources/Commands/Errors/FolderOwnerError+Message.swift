import UnrollCommandLine
import UnrollStudies
import UnrollText

extension FolderOwnerError: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String {
    switch self {
    case .otherCommand(let path, let saved, let own):
      "--out: \(path.escaped) is "
        + (saved.map { "of unroll \($0.quoted)" } ?? "not of a run")
        + "; accepted is the folder of unroll \(own), or a new one"
    case .foreignFile(let folder, let name):
      "--out: \(folder.escaped) is no run's folder and holds \(name.escaped), which a run might "
        + "overwrite; accepted is a new or empty folder"
    case .otherRun: "--resume: \(description)"
    }
  }
}
