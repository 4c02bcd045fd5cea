import Foundation
import Testing

@testable import UnrollCommandLine

/// The script for array jobs, with the variables that Slurm sets.
struct SlurmScriptTests {
  private static let sweep = [
    "adding", "--length", "4", "--hidden", "3", "--batch", "2", "--steps", "10", "--eval-every",
    "10", "--validation-sequences", "4", "--test-sequences", "4", "--vary",
    "learning-rate=0.01,0.1", "--vary", "clip=none,1", "--seeds", "2",
  ]

  private func task(
    _ number: Int, of count: Int, to folder: String, from first: Int = 1
  ) throws -> BuiltProgram.Outcome {
    try BuiltProgram.run(
      Self.sweep, script: "tools/cluster/sweep.slurm",
      environment: [
        "UNROLL": BuiltProgram.url.path, "SHARDS": folder, "SLURM_CPUS_PER_TASK": "1",
        "SLURM_ARRAY_TASK_ID": "\(number)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
        "SLURM_ARRAY_TASK_MIN": "\(first)", "SLURM_ARRAY_TASK_MAX": "\(first + count - 1)",
      ])
  }

  @Test func tasksMakeTheSweepOfOneMachine() throws {
    let runs = try TemporaryRuns()
    #expect(
      runs.run(["sweep"] + Self.sweep + ["--quiet", "--out", runs.path("one")]).status == .done)
    for number in 1...3 {
      let outcome = try task(number, of: 3, to: runs.path("shards"))
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let shards = try #require(runs.files(in: "shards"))
    #expect(shards == ["0001", "0002", "0003"])
    let merged = runs.run(
      ["merge"] + shards.map { runs.path("shards/\($0)") } + ["--quiet", "--out", runs.path("all")])
    #expect(merged.status == .done, "\(merged.errors)")
    #expect(try runs.text("all/groups.csv") == runs.text("one/groups.csv"))
  }

  @Test func otherArraysAreRefused() throws {
    let runs = try TemporaryRuns()
    let outcome = try task(0, of: 3, to: runs.path("shards"), from: 0)
    #expect(outcome.status == 2 && outcome.errors.contains("--array=0-2: must be 1-N"))
    #expect(runs.files(in: "shards") == nil)
  }
}
