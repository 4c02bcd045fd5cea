import Foundation
import Testing
import UnrollFileFormats
import UnrollTestSupport

@testable import UnrollCommandLine
@testable import UnrollCommands
@testable import UnrollStudies

#if arch(x86_64)
  /// Runs under kernels that `--kernels` names, made by the built program: it takes them when it starts.
  struct SweepKernelsTests {
    private let runs: TemporaryRuns

    init() throws { runs = try TemporaryRuns() }

    private func sweep(_ words: [String], out: String, environment: [String: String] = [:]) throws {
      let outcome = try BuiltProgram.run(
        [
          "sweep", "adding", "--length", "5", "--hidden", "3", "--batch", "2", "--steps", "4",
          "--validation-sequences", "4", "--test-sequences", "4", "--vary",
          "learning-rate=0.001,0.01",
          "--seeds", "3", "--threads", "1", "--quiet", "--out", runs.path(out),
        ] + words, environment: environment)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }

    private func kernels(in folder: String) throws -> Set<String> {
      Set(try CSVTable(path: runs.path("\(folder)/runs.csv")).texts(inColumn: "kernels"))
    }

    /// Whatever the CPU and the environment would have.
    @Test func aSweepHasTheKernelsAskedFor() throws {
      try sweep(["--kernels", "portable"], out: "asked")
      try sweep(
        ["--kernels", "Nehalem/portable"], out: "again",
        environment: ["OPENBLAS_CORETYPE": "Prescott", "UNROLL_KERNELS": "portable"])
      #expect(try kernels(in: "asked") == ["Nehalem/portable"])
      #expect(try kernels(in: "again") == ["Nehalem/portable"])
      #expect(try runs.text("asked/groups.csv") == runs.text("again/groups.csv"))
      // A configuration carries them to other machines.
      let outcome = try BuiltProgram.run(
        [
          "sweep", "--config", runs.path("asked/config.json"), "--out", runs.path("asked"),
          "--seeds", "4", "--quiet",
        ], environment: ["UNROLL_KERNELS": ""])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try kernels(in: "asked") == ["Nehalem/portable"])
      #expect(try CSVTable(path: runs.path("asked/runs.csv")).rows.count == 8)
    }

    /// The runs that are missing would not be those of one call.
    @Test(arguments: [["--kernels", "Prescott/portable"], []])
    func aSweepGoesOnUnderItsKernelsAlone(words: [String]) throws {
      try sweep(["--kernels", "Nehalem/portable"], out: "made")
      let table = try runs.text("made/runs.csv")
      let outcome = try BuiltProgram.run(
        [
          "sweep", "adding", "--length", "5", "--hidden", "3", "--batch", "2", "--steps", "4",
          "--validation-sequences", "4", "--test-sequences", "4", "--vary",
          "learning-rate=0.001,0.01", "--seeds", "4", "--threads", "1", "--quiet", "--out",
          runs.path("made"),
        ] + words, environment: ["OPENBLAS_CORETYPE": "Prescott", "UNROLL_KERNELS": "portable"])
      #expect(
        outcome.status != 0 && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)"
      )
      #expect(
        outcome.errors.contains("Nehalem/portable") && outcome.errors.contains("Prescott"),
        "\(outcome.errors)")
      #expect(try runs.text("made/runs.csv") == table)
    }

    /// Kernels are chosen before the process computes, so that this one keeps its own.
    @Test func aProcessThatComputesKeepsItsKernels() {
      let other = Machinery.present.blasKernels == "Prescott" ? "Nehalem" : "Prescott"
      for (command, words) in [
        ("sweep", ["--out", runs.path("new")]), ("clip", ["--out", runs.path("new")]),
        ("train", ["--out", runs.path("new")]),
        ("plan", ["--ranks", "2", "--bandwidth", "1GB", "--latency", "1us"]),
      ] {
        let outcome = runs.run([command, "--kernels", "\(other)/portable"] + words)
        #expect(outcome.status == .usage && outcome.errors.count == 1)
        #expect(
          outcome.errors.last?.contains("--kernels \(other)/portable: must be kernels that BLAS")
            == true,
          "\(outcome.errors)")
      }
      #expect(runs.files(in: "new") == nil)
    }

    /// Shards of different kernels are joined only when that is asked for, on a machine of any kernels.
    @Test func mergingMixesKernelsOnlyOnDemand() throws {
      try sweep(["--kernels", "Nehalem/portable", "--shard", "1/2"], out: "one")
      try sweep(["--kernels", "Prescott/portable", "--shard", "2/2"], out: "two")
      try sweep(["--kernels", "Nehalem/portable", "--shard", "2/2"], out: "three")
      let refused = runs.run([
        "merge", runs.path("one"), runs.path("two"), "--out", runs.path("new"),
      ])
      #expect(refused.status == .failed && refused.errors.count == 1)
      for part in ["Nehalem/portable", "Prescott/portable", "--mixed"] {
        #expect(refused.errors.last?.contains(part) == true, "\(refused.errors)")
      }
      #expect(runs.files(in: "new") == nil)

      let mixed = runs.run([
        "merge", runs.path("one"), runs.path("two"), "--mixed", "--out", runs.path("mixed"),
      ])
      #expect(mixed.status == .done, "\(mixed.errors)")
      #expect(mixed.out.contains("Nehalem/portable 3 runs"), "\(mixed.out)")
      #expect(mixed.out.contains("Prescott/portable 3 runs"), "\(mixed.out)")
      #expect(try kernels(in: "mixed") == ["Nehalem/portable", "Prescott/portable"])
      // A run that two folders have is the first's.
      let both = runs.run([
        "merge", runs.path("mixed"), runs.path("three"), "--mixed", "--json", "--out",
        runs.path("both"),
      ])
      #expect(both.status == .done, "\(both.errors)")
      #expect(
        both.json["kernels"]?.array?.compactMap(\.string).sorted()
          == ["Nehalem/portable", "Prescott/portable"])

      // The same kernels are joined without a word, also where this program has others.
      let same = runs.run([
        "merge", runs.path("one"), runs.path("three"), "--out", runs.path("same"),
      ])
      #expect(same.status == .done && same.errors.isEmpty, "\(same.errors)")
      #expect(!same.out.contains("Made under different kernels"))
      let config = try JSONValue(contentsOf: runs.path("same/config.json"))
      #expect(config["blas_kernels"] == "Nehalem" && config["vector_kernels"] == "portable")
    }

    /// A run goes on under the kernels that it was given.
    @Test func aResumedRunHasItsKernels() throws {
      let run = ["train", "adding", "--length", "5", "--hidden", "3", "--batch", "2", "--quiet"]
      let made = try BuiltProgram.run(
        run + ["--steps", "2", "--kernels", "Portable", "--out", runs.path("run")], environment: [:]
      )
      #expect(made.status == 0, "\(made.errors)")
      let resumed = try BuiltProgram.run(
        ["train", "--resume", runs.path("run/checkpoint.safetensors"), "--steps", "4", "--quiet"],
        environment: ["OPENBLAS_CORETYPE": "Prescott"])
      #expect(resumed.status == 0 && resumed.errors.isEmpty, "\(resumed.errors)")
      let config = try JSONValue(contentsOf: runs.path("run/config.json"))
      #expect(config["blas_kernels"] == "Nehalem" && config["vector_kernels"] == "portable")
    }

    /// Reading a sweep's runs takes no kernels, so that those that the CPU lacks are no matter.
    @Test func kernelsThatTheCPULacksAreNoMatterToAMerge() throws {
      try sweep(["--kernels", "Nehalem/portable", "--shard", "1/2"], out: "one")
      try sweep(["--kernels", "Nehalem/portable", "--shard", "2/2"], out: "two")
      for folder in ["one", "two"] {
        for name in ["config.json", "runs.csv"] {
          let text = try runs.text("\(folder)/\(name)")
          _ = try runs.file(
            "\(folder)/\(name)", text.replacing("Nehalem", with: "Pentium9"))
        }
      }
      let merged = runs.run([
        "merge", runs.path("one"), runs.path("two"), "--out", runs.path("all"),
      ])
      #expect(merged.status == .done && merged.errors.isEmpty, "\(merged.errors)")
      #expect(try kernels(in: "all") == ["Pentium9/portable"])
      let config = try JSONValue(contentsOf: runs.path("all/config.json"))
      #expect(config["options"]?["kernels"] == "Pentium9/portable")
      #expect(config["blas_kernels"] == "Pentium9")
    }

    /// A run is made again under its own kernels, whatever the CPU and the environment would have.
    @Test func aRunIsMadeAgainUnderItsKernels() throws {
      try sweep(["--kernels", "Nehalem/portable"], out: "pinned")
      try sweep(
        [], out: "plain",
        environment: ["OPENBLAS_CORETYPE": "Prescott", "UNROLL_KERNELS": "portable"])
      for (folder, kernels, pin) in [
        ("pinned", "Nehalem/portable", JSONValue.string("Nehalem/portable")),
        ("plain", "Prescott/portable", .null),
      ] {
        let table = try CSVTable(path: runs.path("\(folder)/runs.csv"))
        let place = try #require(table.columnNames.firstIndex(of: "test_loss"))
        let row = table.rows[0]
        let made = try BuiltProgram.run(
          [
            "train", "--sweep", runs.path(folder), "--run", String(row[0].prefix(9)), "--quiet",
            "--out", runs.path("again-\(folder)"),
          ], environment: [:])
        #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
        let again = "again-\(folder)"
        let config = try JSONValue(contentsOf: runs.path("\(again)/config.json"))
        let used = [config["blas_kernels"], config["vector_kernels"]].compactMap { $0?.string }
        #expect(used.joined(separator: "/") == kernels)
        // A sweep that is the same everywhere has runs that are.
        #expect((config["options"]?["kernels"] ?? .null) == pin)
        let summary = try JSONValue(contentsOf: runs.path("\(again)/summary.json"))
        #expect(summary["test_loss"]?.double == Double(row[place]))
      }
    }

    /// A run that is made again under other kernels says so.
    @Test func otherKernelsOfARunAreSaid() throws {
      try sweep(["--kernels", "Nehalem/portable"], out: "swept")
      let id = try #require(try CSVTable(path: runs.path("swept/runs.csv")).rows.first?.first)
      let again = [
        "train", "--sweep", runs.path("swept"), "--run", id, "--quiet", "--out", runs.path("run"),
      ]
      let other = try BuiltProgram.run(
        again + ["--kernels", "Prescott/portable"], environment: [:])
      #expect(other.status == 0)
      #expect(other.errors.contains("made under the kernels Nehalem/portable"), "\(other.errors)")
      #expect(other.errors.contains("without --kernels it has its own"), "\(other.errors)")
      let same = try BuiltProgram.run(again + ["--kernels", "portable"], environment: [:])
      #expect(same.status == 0 && same.errors.isEmpty, "\(same.errors)")
    }

    /// A run that is still to be made has the kernels that its sweep is pinned to.
    @Test func aRunToComeHasTheKernelsOfItsSweep() throws {
      try sweep(["--kernels", "Nehalem/portable"], out: "pinned")
      let lines = try runs.text("pinned/runs.csv").split(separator: "\n").map(String.init)
      let id = String(lines[1].prefix { $0 != "," })
      _ = try runs.file(
        "pinned/runs.csv", (lines[...0] + lines[2...]).joined(separator: "\n") + "\n")
      let outcome = try BuiltProgram.run(
        ["train", "--sweep", runs.path("pinned"), "--run", id, "--quiet", "--out", runs.path("r")],
        environment: ["UNROLL_KERNELS": ""])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let config = try JSONValue(contentsOf: runs.path("r/config.json"))
      #expect(config["options"]?["kernels"] == "Nehalem/portable")
      #expect(config["vector_kernels"] == "portable")
    }
  }
#endif
