import Foundation

/// What a signal calls, with its number.
package typealias SignalHandler = @convention(c) (Int32) -> Void

/// A handler's bits, by which it is compared: SIG_DFL and SIG_IGN are no functions.
package func handlerBits(_ handler: SignalHandler?) -> Int { unsafeBitCast(handler, to: Int.self) }

extension sigaction {
  /// The bits of the handler.
  package var handlerBits: Int {
    #if canImport(Darwin)
      UnrollText.handlerBits(__sigaction_u.__sa_handler)
    #else
      UnrollText.handlerBits(__sigaction_handler.sa_handler)
    #endif
  }
}
