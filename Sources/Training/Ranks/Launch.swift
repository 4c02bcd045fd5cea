/// What the program that started this process says of it in the environment.
package struct Launch: Equatable, Sendable {
  /// How many processes were started together.
  package let count: Int
  /// This process's number among them, from 0.
  package let rank: Int

  /// Where launchers leave the two: Open MPI's `mpirun`; that of MPICH and its relatives, and Slurm's
  /// `srun --mpi=pmi2`.
  private static let names = [
    (count: "OMPI_COMM_WORLD_SIZE", rank: "OMPI_COMM_WORLD_RANK"),
    (count: "PMI_SIZE", rank: "PMI_RANK"),
  ]
  /// `srun --mpi=pmix` leaves the number of processes to Slurm's own variable, which processes that
  /// have nothing to do with each other have as well.
  private static let slurm = (count: "SLURM_STEP_NUM_TASKS", rank: "PMIX_RANK")

  /// Whether a launcher has started the process, also where it is alone.
  package static func isLauncher(in environment: [String: String]) -> Bool {
    Launch(environment) != nil || environment[names[0].rank] != nil
  }

  /// The launch that `environment` tells of; nil for a process that was started alone.
  package init?(_ environment: [String: String]) {
    for (count, rank) in Self.names + [Self.slurm] {
      guard let count = environment[count].flatMap({ Int($0) }), count > 1,
        let rank = environment[rank].flatMap({ Int($0) }), (0..<count).contains(rank)
      else { continue }
      (self.count, self.rank) = (count, rank)
      return
    }
    return nil
  }
}
