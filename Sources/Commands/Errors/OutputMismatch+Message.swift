import UnrollCommandLine
import UnrollStudies

extension OutputMismatch: WordedError {
  package var message: String { description }
}
