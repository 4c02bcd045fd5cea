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

  private var order: ClipOrder
  /// Whether more than the task's own window was used.
  private var namesWindows: Bool
  private var seeds: SeedList

  init(_ sweep: ClipSweep, _ seeds: SeedList, ownWindow: Truncation) {
    order = ClipOrder(
      cells: sweep.cells.map(\.label),
      windows: sweep.windows?.map(\.description) ?? [ownWindow.description],
      thresholds: sweep.thresholds.map(\.description))
    namesWindows = sweep.windows != nil
    self.seeds = seeds
  }

  /// The lists in the options of an earlier `config.json`; nil where one cannot be read.
  init?(_ options: JSONObject, ownWindow: Truncation) {
    guard let order = ClipOrder(recorded: options, ownWindow: ownWindow.description),
      let seeds = SeedList(in: options)
    else { return nil }
    self.order = order
    namesWindows = options["windows"].map { !$0.isNull } ?? false
    self.seeds = seeds
  }

  /// Adds what a later call has.
  mutating func append(_ later: ClipLists) {
    order = order.joined(later.order)
    namesWindows = namesWindows || later.namesWindows
    seeds = seeds.joined(later.seeds)
  }

  /// The options that have these lists as their values.
  var options: JSONObject {
    var options: JSONObject = [
      "cells": .string(order.cells.joined(separator: ",")),
      "thresholds": .string(order.thresholds.joined(separator: ",")),
    ]
    for (name, value) in seeds.options { options[name] = value }
    if namesWindows { options["windows"] = .string(order.windows.joined(separator: ",")) }
    return options
  }
}
