import UnrollCommandLine
import UnrollStudies

extension GradientFitError: WordedError {
  package var message: String { description }
}
