import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText

/// A run's data were cut short or changed while it read them; it can go on once they are restored.
struct DataLostError: Error {
  let error: FileError
  /// The updates that the checkpoint has made.
  let updates: Int
  /// Nil where nothing was saved.
  let checkpoint: String?
}

extension DataLostError: WordedError {
  var message: String {
    checkpoint.map {
      "\(error); then go on, after \(NumberText.count(updates, "update")), with "
        + RunFolder.commandResuming($0)
    } ?? error.description
  }
}
