import Foundation

/// Where text goes: a file descriptor, or memory in a test.
package protocol TextSink: Sendable {
  /// - Throws: `TextSinkError` when not all of `text` could be written.
  func write(_ text: String) throws(TextSinkError)
}

package enum TextSinkError: Error, Equatable {
  /// The reader has gone away (EPIPE).
  case closed
  /// Another `errno`.
  case failed(code: Int32)
}

/// Writes to a file descriptor, unbuffered.
package struct FileDescriptorSink: TextSink {
  package let descriptor: Int32

  package func write(_ text: String) throws(TextSinkError) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written >= 0 {
        rest = rest.dropFirst(written)
        continue
      }
      switch errno {
      case EINTR: continue
      case EAGAIN:
        // A non-blocking descriptor, shared with another program: wait until it takes more.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      case EPIPE: throw .closed
      case let code: throw .failed(code: code)
      }
    }
  }
}

/// Writes nowhere.
struct NoSink: TextSink {
  func write(_ text: String) {}
}
