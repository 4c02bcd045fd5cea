import UnrollFileFormats
import UnrollText

/// What a measurement found, for people and as JSON.
package protocol BenchOutcome {
  var json: JSONValue { get }
  func print(on page: any TextPage)
}
