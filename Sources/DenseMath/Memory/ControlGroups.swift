import Foundation

/// The control groups that a process is in, of versions 1 and 2: containers and schedulers limit memory by
/// them. Only Linux has them; elsewhere there is nothing to read.
struct ControlGroups {
  /// Where `proc` is, and the folders of the groups; `/` but in tests.
  let root: String

  static var present: ControlGroups { ControlGroups(root: "") }

  /// The smallest memory limit of the process's own groups and all above them, with the file that it
  /// stands in; nil without one.
  var memoryLimit: (bytes: UInt64, file: String)? {
    #if os(Linux)
      let groups = lines("/proc/self/cgroup").compactMap { line in
        // 4:memory:/docker/1234, or in version 2 0::/user.slice
        let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        return fields.count == 3 ? (controllers: fields[1], path: String(fields[2])) : nil
      }
      return lines("/proc/self/mountinfo").compactMap { Mount($0) }.compactMap { mount in
        groups.first { group in
          mount.isVersion2
            ? group.controllers.isEmpty : group.controllers.split(separator: ",").contains("memory")
        }.flatMap { smallest(of: mount, group: $0.path) }
      }.min { $0.bytes < $1.bytes }
    #else
      return nil
    #endif
  }

  /// A line of `mountinfo` for a hierarchy that may limit memory: 36 35 98:0 ROOT POINT rw - cgroup2 x rw.
  private struct Mount {
    /// The group that is seen as the top, and where that is.
    let top, point: String
    let isVersion2: Bool

    init?(_ line: Substring) {
      let fields = line.split(separator: " ")
      guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count >= dash + 4 else {
        return nil
      }
      isVersion2 = fields[dash + 1] == "cgroup2"
      guard isVersion2 || fields[dash + 1] == "cgroup",
        isVersion2 || fields[dash + 3].split(separator: ",").contains("memory")
      else { return nil }
      (top, point) = (String(fields[3]), String(fields[4]))
    }

    var file: String { isVersion2 ? "memory.max" : "memory.limit_in_bytes" }
  }

  /// The smallest limit of `group` and the groups above it, as far as the mount shows them.
  private func smallest(of mount: Mount, group: String) -> (bytes: UInt64, file: String)? {
    // In a container the path may be the host's, of which the mount shows the part below its top.
    var names =
      mount.top == "/"
      ? group[...] : group.hasPrefix(mount.top) ? group.dropFirst(mount.top.count) : ""
    var best: (bytes: UInt64, file: String)?
    while true {
      let file = mount.point + names + (names.hasSuffix("/") ? "" : "/") + mount.file
      if let bytes = lines(file).first.flatMap({ UInt64($0) }), bytes < best?.bytes ?? .max {
        best = (bytes, file)
      }
      guard let slash = names.lastIndex(of: "/") else { return best }
      names = names[..<slash]
    }
  }

  private func lines(_ path: String) -> [Substring] {
    ((try? String(contentsOfFile: root + path, encoding: .utf8)) ?? "").split(separator: "\n")
  }
}
