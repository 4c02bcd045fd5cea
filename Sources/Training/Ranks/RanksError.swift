import Foundation
import UnrollText

/// Why processes that were started together cannot work together.
public enum RanksError: Error, Equatable, Sendable {
  /// The package was built without its trait `MPI`.
  case notBuilt(count: Int)
  /// MPI did not start.
  case noMPI(reason: String)
  /// MPI knows of other ranks than were started: the launcher belongs to another MPI library.
  case otherLibrary(launched: Int, found: Int)
  /// A rank differs from rank 0 in something that must be the same on all of them.
  case difference(rank: Int, what: String, own: String, first: String)
}

extension RanksError: CustomStringConvertible, LocalizedError {
  /// What was wrong and what is accepted, in one line.
  public var description: String {
    switch self {
    case .notBuilt(let count):
      "started as \(count) processes that are to work together, and this unroll was built without MPI; "
        + "build it with swift build -c release --traits MPI (needs libopenmpi-dev or libmpich-dev), or "
        + "start one process"
    case .noMPI(let reason): "MPI does not start: \(reason.escaped)"
    case .otherLibrary(let launched, let found):
      "\(launched) processes were started together, and the MPI library that unroll was built with finds "
        + "\(found); use the mpirun or srun --mpi of that library"
    case .difference(let rank, let what, let own, let first):
      "rank \(rank) has \(what) \(own.shown), and rank 0 \(first.shown); ranks that work together need the "
        + "same"
    }
  }

  public var errorDescription: String? { description }
}
