import UnrollCommandLine
import UnrollRecurrentCells
import UnrollStudies
import UnrollText
import UnrollTraining

/// All that the numbers of a setting's runs depend on but their seed and the kernels, however it was given.
struct SettingIdentity: Equatable {
  private let data: String
  private let specification: CellSpecification
  private let configuration: ModelConfiguration
  private let settings: TrainingSettings
  private let isDouble: Bool

  /// - Parameter data: stands for what a plan does not hold in a form that can be compared: the task and
  ///   its data, weights that are read, and a threshold in units of the mean norm.
  init(data: String, _ plan: TrainingPlan) {
    self.data = data
    specification = plan.specification
    configuration = plan.configuration
    settings = plan.settings.effective(for: plan.task)
    isDouble = plan.isDouble
  }
}

/// Settings of a sweep that are the same, because an option has no effect beside the others.
struct SameSettings {
  /// The option that another must agree with to be read.
  private static let readWith: [String: String] = [
    "momentum": "optimizer", "beta1": "optimizer", "beta2": "optimizer", "epsilon": "optimizer",
    "rmsprop-decay": "optimizer", "schedule-every": "schedule", "schedule-factor": "schedule",
    "solve-every": "task",
  ]

  /// An option without effect.
  struct Finding: Equatable {
    /// `--momentum`
    let option: String
    /// `with --optimizer adam`; `here` where it is not known what it depends on.
    let place: String
    /// The numbers of the settings that are the same, from 1.
    let groups: [[Int]]
    /// Whether the option has no effect in any setting, so that varying it means nothing.
    let isEverywhere: Bool
  }

  /// One for each option without effect and each place.
  let findings: [Finding]

  /// - Parameters:
  ///   - text: the value of an option in a setting, whether it is varied or not.
  init(
    _ grid: SweepGrid, _ identities: [SettingIdentity],
    text: (_ option: String, _ setting: Int) -> String
  ) {
    var findings: [Finding] = []
    for (place, option) in grid.options.enumerated() {
      // Settings that differ in this option alone.
      let families = grid.settings.indices.grouped { number in
        grid.settings[number].values.enumerated().filter { $0.offset != place }.map(\.element)
      }.map(\.elements)
      var found: [(place: String, members: [Int])] = []
      // Of a setting without another beside it nothing is known.
      var hasEffect = families.contains { $0.count == 1 }
      for family in families {
        let classes = Self.classes(of: family, identities)
        hasEffect = hasEffect || classes.count > 1
        for members in classes where members.count > 1 {
          var other = Self.readWith[option.name]
          // A schedule of steps reads its numbers: its first step is beyond the last update.
          if other == "schedule", text("schedule", members[0]) == "step" { other = "steps" }
          let place = other.map { "with \($0.asOption) \(text($0, members[0]))" }
          found.append((place ?? "here", members.map { $0 + 1 }))
        }
      }
      findings += found.grouped(by: \.place).map { place, found in
        Finding(
          option: option.spec.label, place: place, groups: found.map(\.members),
          isEverywhere: !hasEffect)
      }
    }
    self.findings = findings
  }

  private static func classes(of family: [Int], _ identities: [SettingIdentity]) -> [[Int]] {
    family.reduce(into: []) { classes, number in
      if let own = classes.firstIndex(where: { identities[$0[0]] == identities[number] }) {
        classes[own].append(number)
      } else {
        classes.append([number])
      }
    }
  }
}

extension String {
  /// The option's name as it is typed; a task has none.
  fileprivate var asOption: String { self == "task" ? "the task" : "--\(self)" }
}

extension SameSettings.Finding {
  /// `settings 1 and 2 are the same: --momentum has no effect with --optimizer adam`
  var message: String {
    let shown = groups.prefix(3).map { $0.prefix(6).map(String.init).listed("and") }
    let more = groups.count - shown.count
    return "settings \(shown.joined(separator: "; "))"
      + (more > 0 ? "; and \(NumberText.count(more)) more such groups" : "")
      + " are the same: \(option) has no effect \(place)"
  }
}
