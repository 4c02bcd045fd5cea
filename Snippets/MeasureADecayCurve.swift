import Foundation
import UnrollKit

let task = try AddingTask(length: 100, seed: 1)
let data = try DecayData(task, rows: 20)

var curves: [(label: String, curve: DecayCurve)] = []
for cell in [CellSpecification(.rnn), CellSpecification(.lstm)] {
  let model = RecurrentModel(
    cell, ModelConfiguration(input: task.input, target: task.target, hidden: 64))
  let parameters: Parameters<Double> = model.initialParameters(cell, seed: 1)

  let meter = DecayMeter(model, batch: data.batch())
  for curve in meter.curves(under: parameters) where curve.path != .state {
    let fit = DecayFit(curve)
    print(
      "\(cell) \(curve.path): \(fit.verdict), norm at lag 10 is",
      String(format: "%.1e", curve.means[10] / curve.means[0]), "of the norm at lag 0")
    curves.append((cell.description, curve))
  }
}

let figure = DecayFigure(curves: curves, subtitle: "adding, T = 100, at initialization")
if let plot = figure.terminalPlot(columns: 72, rows: 16) { print(plot) }
