import UnrollCommandLine
import UnrollDenseMath
import UnrollStudies
import UnrollText

extension ExponentMemoryError: WordedError {
  package var exitStatus: ExitStatus { .usage }

  package var message: String {
    func gigabytes(_ bytes: Double) -> String { "\(NumberText.significant(bytes / 1e9)) GB" }
    return "--exponents: these sizes need \(gigabytes(bytes)) of memory and "
      + "\(AvailableMemory.present.holder) \(gigabytes(available)); accepted are a smaller "
      + "--exponent-count, --exponent-steps or --hidden, or fewer --threads"
  }
}
