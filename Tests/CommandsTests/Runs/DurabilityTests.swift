import CUnrollDiskRecorder
import Foundation
import Testing

@testable import UnrollCommandLine
@testable import UnrollCommands

/// What is on the disk before what, so that a loss of power leaves a log that its checkpoint can count
/// on: by the calls of fsync and rename that a run makes.
@Suite(.serialized, .enabled(if: disk_recording_available())) struct DurabilityTests {
  let workspace: Workspace

  init() throws { workspace = try Workspace() }

  /// The run's calls, each with a path below the workspace: `sync run/metrics.csv.partial`.
  private func calls(_ words: [String]) -> [String] {
    disk_recording_start(workspace.path)
    let outcome = workspace.run(words + ["--out", workspace("run"), "--quiet"])
    let calls = String(cString: disk_recording_stop()).split(separator: "\n").map {
      String($0).replacing(workspace.path + "/", with: "")
    }
    #expect(outcome.status == .done, "\(outcome.errors)")
    return calls
  }

  @Test func logsAreThereBeforeTheCheckpoint() {
    let calls = calls([
      "train", "adding", "--length", "4", "--hidden", "3", "--batch", "2", "--steps", "30",
      "--eval-every", "10", "--watch-decay", "5",
    ])
    let checkpoints = calls.indices.filter {
      calls[$0] == "rename run/checkpoint.safetensors"
    }
    #expect(checkpoints.count >= 3, "\(calls)")
    var start = calls.startIndex
    for checkpoint in checkpoints.prefix(3) {
      for log in ["metrics.csv", "decay-over-training.csv"] {
        #expect(
          calls[start..<checkpoint].contains("sync run/\(log).partial"), "\(log): \(calls)")
      }
      // Its own bytes before its name, and then the folder that has the name.
      let bytes = calls[start..<checkpoint].last { $0.hasPrefix("sync ") } ?? ""
      #expect(bytes.hasSuffix("-checkpoint.safetensors"))
      #expect(calls[(checkpoint + 1)...].first == "sync run")
      start = checkpoint
    }
  }

  @Test func eventsAreThereBeforeTheCheckpoint() throws {
    let calls = calls([
      "train", "adding", "--length", "4", "--hidden", "3", "--batch", "2", "--steps", "30",
      "--eval-every", "10", "--tensorboard",
    ])
    let events = "sync run/events.out.tfevents."
    // The folder has the file's name before anything counts on it.
    let first = try #require(calls.firstIndex { $0.hasPrefix(events) })
    #expect(calls[..<first].contains("sync run"))
    var start = calls.startIndex
    let checkpoints = calls.indices.filter { calls[$0] == "rename run/checkpoint.safetensors" }
    #expect(checkpoints.count >= 3)
    for checkpoint in checkpoints.prefix(3) {
      #expect(calls[start..<checkpoint].contains { $0.hasPrefix(events) }, "\(calls)")
      start = checkpoint
    }
    #expect(calls[start...].contains { $0.hasPrefix(events) })
  }

  @Test func aComparisonsRowsAreThereAsTheyAreMade() {
    let calls = calls([
      "clip", "adding", "--length", "4", "--hidden", "3", "--batch", "2", "--steps", "5",
      "--thresholds", "1", "--cells", "rnn", "--seeds", "3", "--threads", "1",
    ])
    // One for each run, and one when the log is closed.
    #expect(calls.count { $0 == "sync run/clip.csv.partial" } >= 4, "\(calls)")
  }
}
