import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// What was measured, in words.
extension DecayReport {
  /// The line below the title of a figure that shows all seeds.
  public var subtitle: String {
    measured + (hasSeeds ? "   ·   \(seeds)" : "")
  }

  /// The line below the title of a figure that shows one seed of several.
  public var subtitleOfFirstSeed: String {
    measured + (hasSeeds ? "   ·   seed \(study.seed)" : "")
  }

  /// What follows the title of a printed table that shows one seed of several: `, seed 1`; empty
  /// where there is one seed.
  public var firstSeedNote: String { hasSeeds ? ", seed \(study.seed)" : "" }

  /// Whether a label has several seeds.
  public var hasSeeds: Bool { groups.contains { $0.models.count > 1 } }

  /// Whether a model has several layers, so that curves are named with theirs.
  public var hasLayers: Bool { models.contains { $0.subject.configuration.layers > 1 } }

  private var measured: String {
    if models.isEmpty { return "as earlier runs measured them" }
    let shape = study.data.shape
    return "\(dataName), T = \(shape.timeSteps), H = \(hidden), B = \(shape.rows)"
      + "   ·   loss at: \(lossPlace)   ·   \(moment)"
  }

  /// The batch's and the models' sizes, the seeds, and where the loss is read.
  var sizes: String {
    let shape = study.data.shape
    let layers = study.subjects.first?.configuration.layers ?? 1
    return "T \(shape.timeSteps), B \(shape.rows), H \(hidden)"
      + (layers > 1 ? ", \(layers) layers" : "") + ", \(seeds), loss at \(lossPlace)"
  }

  private var seeds: String {
    let most = groups.max { $0.models.count < $1.models.count }
    guard let most, most.models.count > 1 else { return "seed \(study.seed)" }
    let (first, last) = (most.models.first?.subject.seed, most.models.last?.subject.seed)
    return "means over seeds \(first ?? study.seed) to \(last ?? study.seed)"
  }

  /// H, or those of several models.
  private var hidden: String {
    Set(study.subjects.map(\.configuration.hidden)).sorted().map(String.init)
      .joined(separator: ", ")
  }

  /// The task, or the file of the batch.
  var dataName: String {
    switch study.data.source {
    case .task(let name): name
    case .file(let path): RunFolder.subject(file: path)
    }
  }

  private var lossPlace: String {
    switch study.placement {
    case .last: "last step"
    case .all: "all steps"
    }
  }

  /// Which weights were measured.
  var moment: String {
    let saved = study.subjects.compactMap { subject -> String? in
      if case .saved(let file) = subject.weights { file.path } else { nil }
    }
    let fresh = saved.count < study.subjects.count ? [momentOfFreshModels] : []
    // A file with its folder, since every run's model has the same name.
    let files =
      saved.count > 1
      ? ["weights of \(saved.count) runs"]
      : saved.map {
        "weights of " + $0.split(separator: "/").suffix(2).joined(separator: "/")
      }
    return (fresh + files).joined(separator: "; ")
  }

  private var momentOfFreshModels: String {
    let updates = models.compactMap { $0.training?.updates }
    guard let fewest = updates.min(), let most = updates.max() else { return "at initialization" }
    return fewest == most
      ? "after \(NumberText.count(most)) updates"
      : "after \(NumberText.count(fewest)) to \(NumberText.count(most)) updates"
  }
}
