extension FolderOwnerError: WordedError {
  var exitStatus: ExitStatus { .usage }

  var message: String {
    switch self {
    case .otherCommand(let path, let saved, let own):
      "--out: \(path.escaped) is of unroll \(saved?.quoted ?? "nothing known"); "
        + "accepted is the folder of unroll \(own), or a new one"
    }
  }
}
