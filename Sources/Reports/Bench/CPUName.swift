import UnrollDenseMath
import UnrollText

extension CPUFeatures {
  /// The CPU as a person reads it.
  package static func shown(_ name: String = CPUFeatures.name) -> String {
    name.isEmpty ? "gives no name" : name
  }
}
