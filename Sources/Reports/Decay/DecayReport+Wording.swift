import UnrollSequenceTasks
import UnrollStudies
import UnrollText

/// What was measured, in words.
extension DecayReport {
  /// The line below the title of the decay curves' figure, which shows all seeds and earlier runs: what
  /// all curves share, and what lines and bands are.
  public var subtitle: String {
    let parts =
      if models.isEmpty {
        ["as earlier runs measured them, each with its own settings"]
      } else if !study.runs.isEmpty {
        ["curves of several runs, each with its own settings"]
      } else if hasSeeds {
        [measured, "lines: \(seeds), where the slowest decay weighs most"]
      } else {
        [measured]
      }
    let band = study.runs.isEmpty ? hasSeeds ? "seeds" : "the batch" : "the batch or seeds"
    return (parts + ["bands: 10th to 90th percentile over \(band)"]).joined(separator: Self.dot)
  }

  /// The line below the title of a figure that shows one seed of several.
  public var subtitleOfFirstSeed: String {
    measured + (hasSeeds ? "\(Self.dot)seed \(study.seed)" : "")
  }

  /// What follows the title of a printed table that shows one seed of several: `, seed 1`; empty
  /// where there is one seed.
  public var firstSeedNote: String { hasSeeds ? ", seed \(study.seed)" : "" }

  /// Whether a label has several seeds.
  public var hasSeeds: Bool { groups.contains { $0.models.count > 1 } }

  /// Whether a model has several layers, so that curves are named with theirs.
  public var hasLayers: Bool { models.contains { $0.subject.configuration.layers > 1 } }

  /// What stands between the parts of a subtitle.
  static let dot = "   ·   "

  /// What all models share: those of several sizes have no H here, and those of which some are trained
  /// or saved no moment.
  private var measured: String {
    let shape = study.data.shape
    let isOfOneSize = Set(study.subjects.map(\.configuration.hidden)).count == 1
    let isOfOneMoment = saved.isEmpty || saved.count == study.subjects.count
    let sizes =
      "\(dataName), T = \(shape.timeSteps)" + (isOfOneSize ? ", H = \(hidden)" : "")
      + ", B = \(shape.rows)"
    return ([sizes, differentiated] + (isOfOneMoment ? [moment] : []))
      .joined(separator: Self.dot)
  }

  /// The batch's and the models' sizes, the seeds, and where the loss is read.
  var sizes: String {
    let shape = study.data.shape
    let layers = study.subjects.first?.configuration.layers ?? 1
    return "T \(shape.timeSteps), B \(shape.rows), H \(hidden)"
      + (layers > 1 ? ", \(layers) layers" : "") + ", \(seeds), \(differentiated)"
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

  /// What of which file the rows are: of a text or a series stretches of its training part. Empty for
  /// data from no file.
  var measuredSource: String {
    guard let measured = study.data.measured else { return "" }
    guard study.data.isOfStretches else { return measured.source }
    let shape = study.data.shape
    return
      "\(NumberText.count(shape.rows, "stretch", "stretches")) of "
      + "\(NumberText.count(shape.timeSteps, "step")), spread over \(measured.source)"
  }

  /// The task, or the file of the batch.
  var dataName: String {
    switch study.data.source {
    case .task(let name): name
    case .file(let path): RunFolder.subject(file: path)
    }
  }

  /// Whether the data are called by their file's name, rather than by a task's.
  var isNamedByFile: Bool {
    if case .file = study.data.source { true } else { false }
  }

  /// The loss and the steps it is read at, or the gradients given.
  private var differentiated: String {
    let given = study.data.givenGradients
    if !given.isEmpty { return "gradient by \(given.joined(separator: ", "))" }
    return switch study.placement {
    case .last: "\(lossName) at last step"
    case .all: "\(lossName) at all steps"
    }
  }

  /// What the data's targets are judged by.
  var lossName: String { study.data.shape.target.loss.name }

  /// The files of the saved models.
  private var saved: [String] {
    study.subjects.compactMap { subject in
      if case .saved(let file) = subject.weights { file.path } else { nil }
    }
  }

  /// Which weights were measured.
  var moment: String {
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
      ? "after \(NumberText.count(most, "update"))"
      : "after \(NumberText.count(fewest)) to \(NumberText.count(most)) updates"
  }
}
