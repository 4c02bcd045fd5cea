import Testing

@testable import UnrollDenseMath

/// The names of arm64 CPUs from texts as Linux has them.
struct ArmCPUTests {
  /// One core of `/proc/cpuinfo`.
  private static func core(_ number: Int, maker: String, part: String) -> String {
    """
    processor\t: \(number)
    BogoMIPS\t: 108.00
    Features\t: fp asimd evtstrm crc32 cpuid
    CPU implementer\t: \(maker)
    CPU architecture: 8
    CPU variant\t: 0x0
    CPU part\t: \(part)
    CPU revision\t: 3


    """
  }

  @Test func allCoresOfAKindAreNamedOnce() {
    let text = (0..<4).map { Self.core($0, maker: "0x41", part: "0xd08") }.joined()
    #expect(ArmCPU.name(cpuInfo: text) == "Cortex-A72")
    #expect(ArmCPU.name(cpuInfo: Self.core(0, maker: "0x41", part: "0xd4f")) == "Neoverse V2")
    #expect(ArmCPU.name(cpuInfo: Self.core(0, maker: "0xc0", part: "0xac3")) == "Ampere-1")
  }

  @Test func kindsComeInTheirOrder() {
    let text =
      Self.core(0, maker: "0x41", part: "0xd05") + Self.core(1, maker: "0x41", part: "0xd0b")
      + Self.core(2, maker: "0x41", part: "0xd05")
    #expect(ArmCPU.name(cpuInfo: text) == "Cortex-A55 and Cortex-A76")
  }

  /// The same number is another core with another maker.
  @Test func aPartThatIsNotKnownHasItsNumber() {
    #expect(ArmCPU.name(cpuInfo: Self.core(0, maker: "0x41", part: "0xeee")) == "ARM part 0xeee")
    #expect(ArmCPU.name(cpuInfo: Self.core(0, maker: "0x61", part: "0xd08")) == "Apple part 0xd08")
    #expect(
      ArmCPU.name(cpuInfo: Self.core(0, maker: "0x7f", part: "0x1"))
        == "implementer 0x7f part 0x1")
  }

  @Test(arguments: [
    "", "\n\n", "processor\t: 0\nmodel name\t: AMD EPYC\n", "CPU part\t: 0xd08\n",
    "CPU implementer\t: 0x41\nCPU part\t: many\n", "CPU implementer\t: 65\nCPU part\t: 0x\n",
  ])
  func textsWithoutACoreNameNone(text: String) {
    #expect(ArmCPU.name(cpuInfo: text).isEmpty)
  }
}
