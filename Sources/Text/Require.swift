import Foundation
import Synchronization

/// Ends the program with `message` on standard error unless `condition` holds.
///
/// For mistakes by a programmer, such as shapes that do not fit together. Unlike `precondition`, it
/// prints its message in release builds too. The message is made only when the condition fails.
///
/// - Parameters:
///   - message: what was expected, and what was given.
///   - function: named before the message. A function that only checks passes its caller's on.
@inlinable @inline(__always)
package func require(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  function: StaticString = #function, file: StaticString = #fileID, line: UInt = #line
) {
  guard condition() else {
    requirementFailed(message(), function: function, file: file, line: line)
  }
}

/// Ends the program with `message` on standard error, where a programmer's mistake has shown itself.
/// Every trap of the library comes through here: `fatalError` prints its message in release builds.
@usableFromInline @inline(never)
package func requirementFailed(
  _ message: @autoclosure () -> String, function: StaticString = #function,
  file: StaticString = #fileID, line: UInt = #line
) -> Never {
  fatalError("\(function): \(message().visible(keepingLines: true))", file: file, line: line)
}

/// How many threads have come to end the process.
private let endings = Atomic<Int>(0)

/// Ends the process with one line on standard error and status 1, where the system refuses what a
/// library cannot do without: memory, a thread. Where several threads are refused at once, the first says it.
package func endProcess(_ line: String) -> Never {
  if endings.add(1, ordering: .relaxed).oldValue > 0 { while true { pause() } }
  let program = CommandLine.arguments.first.map { $0.split(separator: "/").last ?? "" } ?? ""
  var text = "\(program): \(line.oneLine(limit: 600))\n"
  text.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
  // Other threads may be at work, so nothing is cleaned up.
  _exit(1)
}
