import CVectorKernels

/// Runs `body` with this thread's CPU flushing subnormal numbers to zero, and restores the mode.
///
/// Gradients that vanish end as subnormals, on which most CPUs are many times slower. Training
/// flushes them; the Float64 instrument never does.
public func flushingSubnormals<Result>(_ body: () throws -> Result) rethrows -> Result {
  let mode = unroll_flush_subnormals()
  defer { unroll_restore_float_mode(mode) }
  return try body()
}
