import Testing
import UnrollCommandLine
import UnrollTestSupport

/// Options without effect make settings that are the same: `sweep` says so.
struct SameSettingsTests {
  let runs: TemporaryRuns

  init() throws { runs = try TemporaryRuns() }

  /// Runs a tiny sweep; what `words` vary is not given for all runs.
  private func sweep(_ words: [String]) -> TemporaryRuns.Outcome {
    let varied = words.compactMap { $0.split(separator: "=").first.map { "--\($0)" } }
    let sizes = [
      "--length": "4", "--hidden": "3", "--batch": "2", "--steps": "2",
      "--validation-sequences": "4", "--test-sequences": "4", "--seeds": "1",
      "--out": runs.path("out"),
    ]
    let task = varied.contains("--task") ? [] : ["adding"]
    return runs.run(
      ["sweep"] + task + sizes.filter { !varied.contains($0.key) }.flatMap { [$0.key, $0.value] }
        + words)
  }

  @Test(arguments: [
    (
      ["--vary", "momentum=0,0.9"],
      "settings 1 and 2 are the same: --momentum has no effect with --optimizer adam; leave it out"
    ),
    (
      ["--vary", "schedule-every=1,2"],
      "settings 1 and 2 are the same: --schedule-every has no effect with --schedule constant; "
        + "leave it out"
    ),
    (
      ["--vary", "optimizer=sgd,adam", "--vary", "momentum=0,0.5,0.9"],
      "settings 1, 2 and 3 are the same: --momentum has no effect with --optimizer sgd; leave it out"
    ),
    (
      ["--optimizer", "sgd", "--vary", "layers=1,2", "--vary", "epsilon=1e-8,1e-7"],
      "settings 1 and 2; 3 and 4 are the same: --epsilon has no effect with --optimizer sgd; "
        + "leave it out"
    ),
    (
      // A step that never comes.
      ["--schedule", "step", "--vary", "schedule-every=2,50"],
      "settings 1 and 2 are the same: --schedule-every has no effect with --steps 2; "
        + "leave it out"
    ),
  ])
  func anOptionWithoutEffectIsRefused(words: [String], message: String) {
    let outcome = sweep(words)
    #expect(outcome.status == .usage && outcome.errors.count == 1)
    #expect(outcome.errors.first?.hasSuffix(message) == true, "\(outcome.errors)")
    #expect(runs.files(in: "out") == nil)
  }

  /// Where only some combinations coincide, which the grid makes anyway, that is a warning.
  @Test func someThatCoincideAreWarnedOf() {
    let outcome = sweep(["--vary", "optimizer=momentum,adam", "--vary", "momentum=0,0.9"])
    #expect(outcome.status == .done)
    let warnings = outcome.errors.filter { $0.contains("are the same") }
    #expect(warnings.count == 1)
    #expect(
      warnings.first?.hasSuffix(
        "settings 3 and 4 are the same: --momentum has no effect with --optimizer adam") == true)
  }

  /// A setting without another that differs in the option alone may need it.
  @Test func aSettingByItselfMayNeedTheOption() throws {
    let grid = try runs.file("grid.csv", "optimizer,momentum\nadam,0\nadam,0.9\nmomentum,0.5\n")
    let outcome = sweep(["--grid", grid])
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(outcome.errors.contains { $0.contains("settings 1 and 2 are the same: --momentum") })
  }

  @Test func rowsOfAGridAreComparedToo() throws {
    let grid = try runs.file(
      "grid.csv", "optimizer,momentum\nmomentum,0\nmomentum,0.9\nadam,0\nadam,0.9\n")
    let outcome = sweep(["--grid", grid])
    #expect(outcome.status == .done)
    #expect(outcome.errors.contains { $0.contains("settings 3 and 4 are the same: --momentum") })
  }

  @Test(arguments: [
    ["--vary", "learning-rate=1e-3,1e-2"], ["--vary", "length=4,5"], ["--vary", "clip=1,2x"],
    ["--vary", "optimizer=adam,adamw", "--weight-decay", "0.1"], ["--vary", "layers=1,2"],
    ["--vary", "validation-sequences=4,5"], ["--vary", "cell=rnn,lstm"],
    ["--optimizer", "momentum", "--vary", "momentum=0,0.9"], ["--vary", "init=pytorch,xavier"],
    ["--schedule", "step", "--vary", "schedule-every=1,50"], ["--vary", "precision=float,double"],
    ["--vary", "solve-every=1,2"], ["--vary", "eval-every=1,2"], ["--vary", "data-seed=1,2"],
    ["--vary", "task=adding,copy"],
  ])
  func optionsWithEffectAreNot(words: [String]) {
    let outcome = sweep(words)
    #expect(outcome.status == .done, "\(outcome.errors)")
    #expect(!outcome.errors.contains { $0.contains("the same") })
  }
}
