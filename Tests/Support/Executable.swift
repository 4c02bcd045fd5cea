import Foundation

/// Writes a shell script that can be run.
///
/// A process of its own writes it. One that another test starts at that moment would have a copy of this
/// process's descriptor, and the system does not run a file that anybody has open for writing (ETXTBSY).
package func writeExecutable(_ script: String, to path: String) throws {
  let writer = Process()
  writer.executableURL = URL(filePath: "/bin/sh")
  writer.arguments = [
    "-c", "printf '%s' \"$1\" > \"$0\" && chmod 755 \"$0\"", path, "#!/bin/sh\n\(script)\n",
  ]
  try writer.run()
  writer.waitUntilExit()
  guard writer.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
}
