/// The longest sequence that is generated; far beyond what memory holds, yet no sum or product of
/// it with a task's small constants overflows.
let longestLength = 1 << 30

/// Checks a length against the least that a task's definition needs.
func requireLength(_ length: Int, atLeast minimum: Int, for task: String) throws(TaskError) {
  guard (minimum...longestLength).contains(length) else {
    throw .lengthOutOfRange(task: task, length: length, accepted: minimum...longestLength)
  }
}
