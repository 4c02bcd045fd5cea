import Foundation
import Synchronization
import UnrollDenseMath
import UnrollText

/// The processes that work on a run together, seen from one of them.
///
/// `mpirun -n 4 unroll …` starts four *ranks*, numbered from 0. Training deals the rows of a batch to
/// them and sums their gradients, a sweep deals runs. Without MPI there is one rank, ``single``, for
/// which every function below returns at once: the code has one path.
///
/// Only the thread that has made the object calls its functions.
public final class Ranks: Sendable {
  /// A process of its own.
  public static let single = Ranks(nil)

  private let link: (any RankLink)?
  /// This rank's number, from 0.
  public let number: Int
  /// The number of ranks.
  public let count: Int
  private let agreementCount = Atomic(0)
  /// No scalars beside a sum; made before the first, which allocates nothing.
  private let nothing = Matrix<Double>(rows: 1, columns: 0)

  /// Ranks that reach each other by `link`; nil for one that is alone.
  package init(_ link: (any RankLink)?) {
    self.link = link
    number = link?.rank ?? 0
    count = link?.count ?? 1
  }

  /// Joins the ranks that were started together with this process, or gives ``single`` where it was
  /// started alone. To be called once, before the process has other threads.
  ///
  /// - Parameter environment: the process's environment, in which launchers leave their variables.
  /// - Throws: ``RanksError``, also when the package was built without its trait `MPI`.
  public static func join(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws(RanksError) -> Ranks {
    guard let launch = Launch(environment) else { return single }
    #if MPI
      let link = try MPILink()
      if link.count != launch.count {
        link.finish()
        throw .otherLibrary(launched: launch.count, found: link.count)
      }
      return Ranks(link)
    #else
      throw .notBuilt(count: launch.count)
    #endif
  }

  /// Whether this is rank 0, which alone writes and prints.
  public var isFirst: Bool { number == 0 }

  /// This rank's share of `range`: nearly as large as the others'. It is empty where there are more
  /// ranks than elements and this one gets none.
  package func share(of range: Range<Int>) -> Range<Int> {
    let shares = range.cut(into: count)
    return number < shares.count ? shares[number] : range.upperBound..<range.upperBound
  }

  // MARK: Sums

  /// Replaces `values`, which must lie together in memory, and `scalars` by their sums over all ranks.
  /// Every rank gets the same bits. Allocates nothing.
  package func sum<Element: Scalar>(_ values: Matrix<Element>, scalars: Matrix<Double>) {
    guard let link else { return }
    scalars.withElements { scalars in
      values.withElements { values in
        if Element.self == Float.self {
          values.withMemoryRebound(to: Float.self) { link.sum($0, scalars) }
        } else {
          require(Element.self == Double.self, "expected Float or Double, got \(Element.self)")
          values.withMemoryRebound(to: Double.self) { link.sum($0, scalars) }
        }
      }
    }
  }

  /// Replaces `values` by their sums over all ranks.
  package func sum<Element: Scalar>(_ values: Matrix<Element>) {
    sum(values, scalars: nothing)
  }

  /// Whether `condition` holds on some rank.
  package func any(_ condition: Bool) -> Bool {
    guard count > 1 else { return condition }
    let sum = Matrix<Double>(rows: 1, columns: 1, [condition ? 1 : 0])
    self.sum(sum)
    return sum[0, 0] > 0
  }

  // MARK: Agreement

  /// Runs `body` on every rank and waits for all. Where it fails on some, it fails on all: the first of
  /// them throws its own error, and the others throw that they could not go on.
  ///
  /// - Parameter code: what the others are told of an error, from 0 to 255.
  /// - Throws: What `body` throws, for a rank that is alone; otherwise ``AgreedFailure``.
  package func agree<Result>(
    code: (any Error) -> Int32 = { _ in 1 }, _ body: () throws -> Result
  ) throws -> Result {
    guard count > 1 else { return try body() }
    let outcome = Swift.Result(catching: body)
    // A number for each rank: 0 where all went well.
    let outcomes = Matrix<Double>(rows: 1, columns: count)
    if case .failure(let error) = outcome { outcomes[0, number] = Double(code(error)) + 1 }
    sum(outcomes)
    agreementCount.add(1, ordering: .relaxed)
    guard let first = (0..<count).first(where: { outcomes[0, $0] > 0 }) else {
      return try outcome.get()
    }
    var own: (any Error)?
    if first == number, case .failure(let error) = outcome { own = error }
    throw AgreedFailure(rank: first, code: Int32(outcomes[0, first]) - 1, own: own)
  }

  /// How often the ranks have met in ``agree(code:_:)``.
  package var agreements: Int { agreementCount.load(ordering: .relaxed) }

  /// Refuses ranks that differ from rank 0.
  ///
  /// - Parameter facts: what must be the same, by its name.
  /// - Throws: ``RanksError/difference(rank:what:own:first:)``.
  package func requireSame(_ facts: [(what: String, value: String)]) throws {
    guard let link else { return }
    let own = facts.map { Array($0.value.utf8) }
    for (fact, bytes) in zip(facts, own) {
      let first = link.broadcast(bytes)
      try agree {
        guard first != bytes else { return }
        throw RanksError.difference(
          rank: number, what: fact.what, own: fact.value,
          first: String(decoding: first, as: UTF8.self))
      }
    }
  }

  /// Rank 0's text, on every rank.
  package func broadcast(_ text: @autoclosure () -> String) -> String {
    guard let link else { return text() }
    return String(decoding: link.broadcast(isFirst ? Array(text().utf8) : []), as: UTF8.self)
  }

  // MARK: Messages

  /// Sends a message to `rank`.
  package func send<Message: Encodable>(_ message: Message, to rank: Int) throws {
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    link?.send(Array(try encoder.encode([message])), to: rank)
  }

  /// The next message that has come from another rank; nil without one.
  package func receive<Message: Decodable>(
    _ type: Message.Type
  ) throws -> (from: Int, message: Message)? {
    guard let (from, bytes) = link?.receive() else { return nil }
    let messages = try PropertyListDecoder().decode([Message].self, from: Data(bytes))
    return messages.first.map { (from, $0) }
  }

  // MARK: The end

  /// Leaves, once all ranks do.
  package func finish() { link?.finish() }

  /// Ends all ranks.
  package func abort(status: Int32) -> Never {
    link?.abort(status: status)
    exit(status)
  }
}

/// What ranks throw when one of them could not do what all were to do.
package struct AgreedFailure: Error {
  /// The first rank that failed.
  package let rank: Int
  /// What that rank said of its error.
  package let code: Int32
  /// The error, on that rank.
  package let own: (any Error)?
}
