import Foundation

@testable import UnrollCommands

/// A safetensors file byte by byte, so that it can be wrong in any way.
func safetensors(_ header: String, data: Int = 0, declaring length: UInt64? = nil) -> [UInt8] {
  let declared = length ?? UInt64(header.utf8.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: declared >> (8 * $0)) } + Array(header.utf8)
    + [UInt8](repeating: 0, count: data)
}

/// A header of `x` and `y` with these dtypes, shapes and offsets.
func arraysHeader(
  x: (dtype: String, shape: String, offsets: String), y: (String, String, String)
) -> String {
  func entry(_ name: String, _ tensor: (String, String, String)) -> String {
    #""\#(name)":{"dtype":"\#(tensor.0)","shape":\#(tensor.1),"data_offsets":\#(tensor.2)}"#
  }
  return "{\(entry("x", x)),\(entry("y", y))}"
}
