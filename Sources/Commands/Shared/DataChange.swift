import UnrollStudies
import UnrollText

/// A file that holds something else than what a run, or the run that trained a model, has read.
struct DataChange: Equatable, CustomStringConvertible {
  /// The checkpoint or model that says what was read.
  let source: String
  let recorded: InputFile
  let found: InputFile

  init(of source: String, recorded: InputFile, found: InputFile) {
    self.source = source
    self.recorded = recorded
    self.found = found
  }

  /// Both contents, on one line.
  var description: String {
    "\(found.given.escaped) is not what \(source.escaped) was trained on: recorded "
      + "\(recorded.fingerprint), found \(found.fingerprint)"
  }
}
