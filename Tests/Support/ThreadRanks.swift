import Foundation
import Synchronization
import UnrollTraining

/// Ranks that are threads of one process, so that what they share can be tested without MPI.
package enum ThreadRanks {
  /// Runs `body` on `count` ranks at once.
  ///
  /// - Returns: what each gave or threw, by its number.
  package static func outcomes<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Ranks) throws -> Value
  ) -> [Result<Value, any Error>] {
    let hub = Hub(count)
    let results = Mutex([Result<Value, any Error>?](repeating: nil, count: count))
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      let thread = Thread {
        let result = Result { try body(Ranks(ThreadLink(rank: rank, hub: hub))) }
        results.withLock { $0[rank] = result }
        group.leave()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    group.wait()
    return results.withLock { $0.compactMap(\.self) }
  }

  /// What each rank gave, by its number.
  ///
  /// - Throws: the first rank's error.
  package static func run<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Ranks) throws -> Value
  ) throws -> [Value] {
    try outcomes(count, body).map { try $0.get() }
  }
}

private struct ThreadLink: RankLink {
  let rank: Int
  let hub: Hub
  var count: Int { hub.count }

  func sum(
    _ values: UnsafeMutableBufferPointer<Float>, _ scalars: UnsafeMutableBufferPointer<Double>
  ) {
    add(values)
    add(scalars)
  }

  func sum(
    _ values: UnsafeMutableBufferPointer<Double>, _ scalars: UnsafeMutableBufferPointer<Double>
  ) {
    add(values)
    add(scalars)
  }

  /// In the order of the ranks, on each of them.
  private func add<Element: BinaryFloatingPoint & Sendable>(
    _ values: UnsafeMutableBufferPointer<Element>
  ) {
    let all = hub.gather(Array(values), from: rank)
    for place in values.indices {
      values[place] = all.reduce(0) { $0 + $1[place] }
    }
  }

  func broadcast(_ bytes: [UInt8]) -> [UInt8] { hub.gather(bytes, from: rank)[0] }

  func send(_ bytes: [UInt8], to rank: Int) { hub.send(bytes, from: self.rank, to: rank) }

  func receive() -> (from: Int, bytes: [UInt8])? { hub.receive(self.rank) }

  func finish() { _ = hub.gather(0, from: rank) }

  func abort(status: Int32) -> Never { fatalError("rank \(rank) ended all with status \(status)") }
}

/// Where the threads meet.
private final class Hub: @unchecked Sendable {
  let count: Int
  private let condition = NSCondition()
  private var given: [Int: any Sendable] = [:]
  private var taken: [any Sendable] = []
  private var round = 0
  private var mail: [[(from: Int, bytes: [UInt8])]]

  init(_ count: Int) {
    self.count = count
    mail = Array(repeating: [], count: count)
  }

  /// Waits for every rank's value.
  func gather<Value: Sendable>(_ value: Value, from rank: Int) -> [Value] {
    condition.lock()
    defer { condition.unlock() }
    let own = round
    given[rank] = value
    if given.count == count {
      taken = (0..<count).compactMap { given[$0] }
      given = [:]
      round += 1
      condition.broadcast()
    }
    while round == own { condition.wait() }
    // A faster rank cannot begin another round before this one has read: it needs this one's value.
    return taken.compactMap { $0 as? Value }
  }

  func send(_ bytes: [UInt8], from: Int, to rank: Int) {
    condition.lock()
    defer { condition.unlock() }
    mail[rank].append((from, bytes))
  }

  func receive(_ rank: Int) -> (from: Int, bytes: [UInt8])? {
    condition.lock()
    defer { condition.unlock() }
    return mail[rank].isEmpty ? nil : mail[rank].removeFirst()
  }
}
