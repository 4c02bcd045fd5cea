#if MPI
  import CUnrollMPI
  import Foundation

  /// The ranks that `mpirun` or `srun` started, over MPI. A call that fails ends all of them.
  struct MPILink: RankLink {
    let rank: Int
    let count: Int

    /// Joins the other ranks.
    ///
    /// - Throws: ``RanksError/noMPI(reason:)``.
    init() throws(RanksError) {
      var (rank, count) = (Int32(0), Int32(0))
      let code = unroll_mpi_start(&rank, &count)
      if code != 0 { throw .noMPI(reason: Self.description(of: code)) }
      (self.rank, self.count) = (Int(rank), Int(count))
    }

    func sum(
      _ values: UnsafeMutableBufferPointer<Float>, _ scalars: UnsafeMutableBufferPointer<Double>
    ) {
      check(
        unroll_mpi_sum_float(
          values.baseAddress, values.count, scalars.baseAddress, Int32(scalars.count)))
    }

    func sum(
      _ values: UnsafeMutableBufferPointer<Double>, _ scalars: UnsafeMutableBufferPointer<Double>
    ) {
      check(
        unroll_mpi_sum_double(
          values.baseAddress, values.count, scalars.baseAddress, Int32(scalars.count)))
    }

    func broadcast(_ bytes: [UInt8]) -> [UInt8] {
      var size = Int64(bytes.count)
      check(unroll_mpi_broadcast(&size, Int32(MemoryLayout<Int64>.size)))
      var bytes = rank == 0 ? bytes : [UInt8](repeating: 0, count: Int(size))
      check(unroll_mpi_broadcast(&bytes, Int32(size)))
      return bytes
    }

    func send(_ bytes: [UInt8], to rank: Int) {
      check(unroll_mpi_send(bytes, Int32(bytes.count), Int32(rank)))
    }

    func receive() -> (from: Int, bytes: [UInt8])? {
      var (isThere, from, size) = (Int32(0), Int32(0), Int32(0))
      check(unroll_mpi_probe(&isThere, &from, &size))
      guard isThere != 0 else { return nil }
      var bytes = [UInt8](repeating: 0, count: Int(size))
      check(unroll_mpi_receive(&bytes, size, from))
      return (Int(from), bytes)
    }

    func finish() { check(unroll_mpi_finish()) }

    func abort(status: Int32) -> Never {
      unroll_mpi_abort(status)
      // MPI_Abort does not return.
      exit(status)
    }

    private func check(_ code: Int32) {
      guard code != 0 else { return }
      let line = "unroll: rank \(rank) of \(count): MPI: \(Self.description(of: code).escaped)\n"
      FileHandle.standardError.write(Data(line.utf8))
      abort(status: 1)
    }

    private static func description(of code: Int32) -> String {
      withUnsafeTemporaryAllocation(
        of: CChar.self, capacity: Int(unroll_mpi_description_room())
      ) { text in
        guard let start = text.baseAddress else { return "error \(code)" }
        unroll_mpi_describe(code, start)
        return String(cString: start)
      }
    }
  }
#endif
