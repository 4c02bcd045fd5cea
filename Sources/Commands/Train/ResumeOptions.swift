import UnrollFileFormats

/// The options that a resumed run may be given anew.
enum ResumeOptions {
  /// Those that a run may change on the way, and whose values its files depend on; the learning rate's
  /// schedule only under `--reschedule`.
  static let changeable = ["eval-every", "solve-every", "learning-rate"] + schedule + ["threads"]

  private static let schedule = ["schedule", "warmup", "schedule-every", "schedule-factor"]
  /// No number depends on them, but for those that kernels decide: a checkpoint records those in use.
  private static let machine = [
    "recompute", "kernels", "tensorboard", "checkpoint-every", "keep-checkpoints",
  ]
  /// Files are known by their content, wherever they are.
  static let files = ["file", "inputs", "targets", "validation", "test"]

  /// The names of those that may differ from the run's own `options`, where `given` are on the command
  /// line. How far a run goes is free, unless the learning rate's schedule ends there.
  @Sendable static func free(_ options: JSONObject, _ given: Set<String>) -> Set<String> {
    let reschedules = given.contains("reschedule")
    var free = Set(changeable + machine + files)
    if !reschedules { free.subtract(schedule) }
    if options["schedule"] != "cosine" || reschedules { free.insert("steps") }
    return free
  }
}
