import UnrollStudies
import UnrollText

/// Which seeds a comparison's runs have, in the line below its title.
enum SeedWords {
  /// `20 seeds` where every setting has a run of each, otherwise with the number of runs of a setting:
  /// `3 to 5 runs a setting, 5 seeds`. Seeds that are not the first ones are named: `2 seeds: 4-5`.
  static func text(_ settings: [[Int]]) -> String? {
    guard let seeds = SeedList(settings.flatMap(\.self)) else { return nil }
    let counts = settings.map(\.count)
    guard let least = counts.min(), let most = counts.max(), least < seeds.count else {
      return seeds.words
    }
    let range = least < most ? "\(NumberText.count(least)) to " : ""
    return "\(range)\(NumberText.count(most, "run")) a setting, \(seeds.words)"
  }

  /// A column with the seeds of each setting, where settings have equally many runs of different seeds,
  /// which no count shows; nil elsewhere.
  static func column(_ settings: [[Int]]) -> [String]? {
    let differ = settings.map(Set.init).grouped(by: \.count).contains { Set($0.elements).count > 1 }
    guard differ else { return nil }
    return settings.map { SeedList($0)?.description ?? "-" }
  }
}
