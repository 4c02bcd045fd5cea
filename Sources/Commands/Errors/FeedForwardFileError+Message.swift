import UnrollCommandLine
import UnrollFeedForward

extension FeedForwardFileError: WordedError {
  /// The library's words, with the program's options.
  package var message: String {
    description.replacing("'activation:'", with: "--activation NAME")
      .replacing("'hasReadout: false'", with: "--readout none")
  }
}

extension FeedForwardBatchError: WordedError {
  package var message: String { description }
}
