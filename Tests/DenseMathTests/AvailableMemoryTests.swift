import Foundation
import Testing
import UnrollTestSupport

@testable import UnrollDenseMath

/// Which of several limits of memory counts.
@Suite struct AvailableMemoryTests {
  @Test func theSmallestLimitCounts() {
    let machine = AvailableMemory(machine: 8_000_000_000)
    #expect(machine.bytes == 8_000_000_000 && machine.limit == .machine)
    #expect(machine.description == "8.000 GB" && machine.sentence == "the machine has 8.000 GB")
    let group = AvailableMemory(
      machine: 8_000_000_000, group: (400_000_000, "/sys/fs/cgroup/memory.max"),
      addressSpace: 2_000_000_000)
    #expect(group.bytes == 400_000_000)
    #expect(group.sentence == "/sys/fs/cgroup/memory.max allows 0.4000 GB")
    let space = AvailableMemory(
      machine: 8_000_000_000, group: (400_000_000, "x"), addressSpace: 3_000_000, data: 4_000_000)
    #expect(space.limit == .addressSpace && space.sentence == "ulimit -v leaves 0.003000 GB")
    let data = AvailableMemory(machine: 8_000_000_000, data: 0)
    #expect(data.description == "0.000 GB, which is what ulimit -d leaves")
    // A group without a limit of its own says more than any machine has.
    #expect(
      AvailableMemory(machine: 8_000_000_000, group: (9_223_372_036_854_771_712, "x")).limit
        == .machine)
  }

  @Test func thisProcessHasSome() {
    let present = AvailableMemory.present
    #expect(present.bytes > 10_000_000)
    #expect(present.bytes <= ProcessInfo.processInfo.physicalMemory)
  }

  /// More than any machine has: refused at once rather than killed later.
  @Test(.enabled(if: !isSanitized)) func memoryThatTheSystemRefusesIsOneLine() async throws {
    let result = try await #require(
      processExitsWith: .exitCode(1), observing: [\.standardErrorContent]
    ) {
      var limit = rlimit(rlim_cur: 8 << 30, rlim_max: 8 << 30)
      #if os(Linux)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      #else
        setrlimit(RLIMIT_AS, &limit)
      #endif
      _ = Matrix<Double>(rows: 1 << 24, columns: 1 << 20)
    }
    let printed = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(printed.contains("the system does not give 140,737,488,355,328 bytes of memory"))
    #expect(printed.split(separator: "\n").count == 1, "\(printed)")
  }

  #if os(Linux)
    /// Makes files below a folder that stands for `/`.
    private func limit(_ files: [String: String]) throws -> (bytes: UInt64, file: String)? {
      let root = NSTemporaryDirectory() + "groups-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: root) }
      for (path, text) in files {
        let url = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try (text + "\n").write(to: url, atomically: false, encoding: .utf8)
      }
      return ControlGroups(root: root).memoryLimit
    }

    private static let version2 = "25 20 0:22 / /sys/fs/cgroup rw shared:9 - cgroup2 cgroup2 rw"

    @Test func version2CountsEveryGroupAbove() throws {
      var files = [
        "/proc/self/cgroup": "0::/user.slice/job/step", "/proc/self/mountinfo": Self.version2,
        "/sys/fs/cgroup/user.slice/job/step/memory.max": "max",
        "/sys/fs/cgroup/user.slice/job/memory.max": "400000000",
        "/sys/fs/cgroup/user.slice/memory.max": "800000000",
      ]
      let parent = try #require(try limit(files))
      #expect(parent.bytes == 400_000_000)
      #expect(parent.file == "/sys/fs/cgroup/user.slice/job/memory.max")
      files["/sys/fs/cgroup/user.slice/job/step/memory.max"] = "100000000"
      #expect(try limit(files)?.bytes == 100_000_000)
      // In a container's own name space the group is the top.
      files["/proc/self/cgroup"] = "0::/"
      #expect(try limit(files) == nil)
      files["/sys/fs/cgroup/memory.max"] = "300000000"
      #expect(try limit(files)?.file == "/sys/fs/cgroup/memory.max")
    }

    @Test func version1CountsTheHierarchyOfMemory() throws {
      var files = [
        "/proc/self/cgroup": "5:cpu,cpuacct:/a\n4:memory:/docker/12ab/job\n0::/",
        "/proc/self/mountinfo":
          "30 20 0:25 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
          + "31 20 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
          + "32 20 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
        "/sys/fs/cgroup/memory/docker/12ab/memory.limit_in_bytes": "500000000",
        "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712",
      ]
      let host = try #require(try limit(files))
      #expect(host.bytes == 500_000_000)
      // Inside the container the mount shows its part alone.
      files["/proc/self/mountinfo"] =
        "31 20 0:26 /docker/12ab /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
      files["/sys/fs/cgroup/memory/job/memory.limit_in_bytes"] = "200000000"
      let inside = try #require(try limit(files))
      #expect(inside.file == "/sys/fs/cgroup/memory/job/memory.limit_in_bytes")
    }

    @Test func nothingReadableIsNoLimit() throws {
      #expect(try limit([:]) == nil)
      #expect(
        try limit(["/proc/self/cgroup": "nonsense\n0::/", "/proc/self/mountinfo": "1 2 - cgroup2"])
          == nil)
    }
  #endif
}
