import CUnrollVectorKernels

/// Runs `body` with this thread's CPU flushing subnormal numbers to zero, and restores the mode.
///
/// Gradients that vanish end as subnormals, on which most CPUs are many times slower. Training
/// flushes them; the Float64 instrument never does.
///
/// - Parameter flushes: false runs `body` as it is: to measure what flushing saves.
public func flushingSubnormals<Result>(
  _ flushes: Bool = true, _ body: () throws -> Result
) rethrows -> Result {
  guard flushes else { return try body() }
  let mode = unroll_flush_subnormals()
  defer { unroll_restore_float_mode(mode) }
  return try body()
}
