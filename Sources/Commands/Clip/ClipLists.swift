import Foundation
import UnrollCommandLine
import UnrollFileFormats
import UnrollStudies
import UnrollText
import UnrollTraining

/// What a comparison varies, as `config.json` records it: with everything that earlier calls in the same
/// folder have varied, so that the file replays all rows of the folder.
struct ClipLists {
  /// The options that only add runs, or do not change a run's numbers.
  static let names: Set<String> = [
    "cells", "thresholds", "windows", "seed", "seeds", "threads", "kernels",
  ]

  private var cells: [String]
  private var thresholds: [String]
  /// Nil where only the task's own window was used.
  private var windows: [String]?
  private let ownWindow: String
  private var seeds: SeedList

  init(_ sweep: ClipSweep, _ seeds: SeedList, ownWindow: Truncation) {
    cells = sweep.cells.map(\.label)
    thresholds = sweep.thresholds.map(\.description)
    windows = sweep.windows?.map(\.description)
    self.ownWindow = ownWindow.description
    self.seeds = seeds
  }

  /// The lists in the options of an earlier `config.json`; nil where one cannot be read.
  init?(_ options: JSONObject, ownWindow: Truncation) {
    func list(_ name: String) -> [String]? {
      options[name]?.text(for: .textList)?.split(separator: ",").map {
        String($0).trimmingCharacters(in: .whitespaces)
      }
    }
    guard let cells = list("cells"), let thresholds = list("thresholds"),
      let seeds = SeedList(in: options)
    else { return nil }
    self.cells = cells
    self.thresholds = thresholds.compactMap { try? ClipThreshold($0).description }
    windows = list("windows")?.compactMap { try? Truncation(parsing: $0).description }
    self.ownWindow = ownWindow.description
    self.seeds = seeds
  }

  /// Adds what a later call has.
  mutating func append(_ later: ClipLists) {
    cells = ValueOrder.joined(cells, later.cells)
    thresholds = ValueOrder.joined(numbers: thresholds, later.thresholds)
    if windows != nil || later.windows != nil {
      windows = ValueOrder.joined(numbers: windows ?? [ownWindow], later.windows ?? [ownWindow])
    }
    seeds = seeds.joined(later.seeds)
  }

  /// The options that have these lists as their values.
  var options: JSONObject {
    var options: JSONObject = [
      "cells": .string(cells.joined(separator: ",")),
      "thresholds": .string(thresholds.joined(separator: ",")),
    ]
    for (name, value) in seeds.options { options[name] = value }
    options["windows"] = windows.map { .string($0.joined(separator: ",")) }
    return options
  }
}
