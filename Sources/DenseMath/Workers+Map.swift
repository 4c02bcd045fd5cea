import Synchronization

extension Workers {
  /// body(0), body(1), …, body(count − 1) in this order, each on one of up to `threads` threads.
  public static func map<Result: Sendable>(
    _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Result
  ) -> [Result] {
    guard count > 0 else { return [] }
    let shared = SharedResults<Result>(count: count)
    Workers(count: min(max(threads, 1), count)).run { _ in
      while let number = shared.takeNext() { shared.keep(body(number), of: number) }
    }
    return shared.results
  }
}

/// Numbers to be worked on, and what came of them.
private final class SharedResults<Result: Sendable>: Sendable {
  private let state: Mutex<(next: Int, results: [Result?])>

  init(count: Int) { state = Mutex((0, Array(repeating: nil, count: count))) }

  func takeNext() -> Int? {
    state.withLock { state in
      guard state.next < state.results.count else { return nil }
      state.next += 1
      return state.next - 1
    }
  }

  func keep(_ result: Result, of number: Int) {
    state.withLock { $0.results[number] = result }
  }

  var results: [Result] { state.withLock { $0.results.compactMap { $0 } } }
}
