import Foundation

/// The names of arm64 CPUs. They do not give them themselves: Linux has their maker's and part's number in
/// `/proc/cpuinfo`.
///
/// The numbers are those of the main identification register, as Arm's and the makers' manuals and the
/// headers of Linux (`asm/cputype.h`) have them.
enum ArmCPU {
  /// The CPU by a text as in `/proc/cpuinfo`, its kinds of cores in the order in which they come there; empty
  /// where the text names none.
  ///
  /// A part that is not in the table has its maker's name and its number, such as `ARM part 0xd99`.
  static func name(cpuInfo text: String) -> String {
    var kinds: [String] = []
    var maker: Int?
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      guard parts.count == 2, parts[1].hasPrefix("0x"),
        let number = Int(parts[1].dropFirst(2), radix: 16)
      else { continue }
      if parts[0] == "CPU implementer" { maker = number }
      guard parts[0] == "CPU part", let maker else { continue }
      let kind = coreName(maker: maker, part: number)
      if !kinds.contains(kind) { kinds.append(kind) }
    }
    return kinds.joined(separator: " and ")
  }

  /// What Linux says of this machine's CPU; empty elsewhere.
  static let present: String = {
    #if os(Linux)
      name(cpuInfo: (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? "")
    #else
      ""
    #endif
  }()

  private static func coreName(maker: Int, part: Int) -> String {
    if let name = cores[maker]?[part] { return name }
    let number = "part 0x" + String(part, radix: 16)
    return makers[maker].map { "\($0) \(number)" }
      ?? "implementer 0x\(String(maker, radix: 16)) \(number)"
  }

  private static let makers = [
    0x41: "ARM", 0x42: "Broadcom", 0x43: "Cavium", 0x46: "Fujitsu", 0x48: "HiSilicon",
    0x4e: "NVIDIA", 0x50: "APM", 0x51: "Qualcomm", 0x53: "Samsung", 0x61: "Apple",
    0x6d: "Microsoft", 0x70: "Phytium", 0xc0: "Ampere",
  ]

  private static let cores: [Int: [Int: String]] = [
    0x41: [
      0xd03: "Cortex-A53", 0xd04: "Cortex-A35", 0xd05: "Cortex-A55", 0xd07: "Cortex-A57",
      0xd08: "Cortex-A72", 0xd09: "Cortex-A73", 0xd0a: "Cortex-A75", 0xd0b: "Cortex-A76",
      0xd0c: "Neoverse N1", 0xd0d: "Cortex-A77", 0xd40: "Neoverse V1", 0xd41: "Cortex-A78",
      0xd42: "Cortex-A78AE", 0xd44: "Cortex-X1", 0xd46: "Cortex-A510", 0xd47: "Cortex-A710",
      0xd48: "Cortex-X2", 0xd49: "Neoverse N2", 0xd4a: "Neoverse E1", 0xd4b: "Cortex-A78C",
      0xd4d: "Cortex-A715", 0xd4e: "Cortex-X3", 0xd4f: "Neoverse V2",
    ],
    0x43: [0x0a1: "ThunderX", 0x0af: "ThunderX2"],
    0x46: [0x001: "A64FX"],
    0x48: [0xd01: "Kunpeng 920"],
    0x4e: [0x003: "Denver 2", 0x004: "Carmel"],
    0x61: [
      0x022: "M1 Icestorm", 0x023: "M1 Firestorm", 0x024: "M1 Pro Icestorm",
      0x025: "M1 Pro Firestorm", 0x028: "M1 Max Icestorm", 0x029: "M1 Max Firestorm",
      0x032: "M2 Blizzard", 0x033: "M2 Avalanche",
    ],
    0xc0: [0xac3: "Ampere-1", 0xac4: "Ampere-1A"],
  ]
}
