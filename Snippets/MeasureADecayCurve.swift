import Foundation
import UnrollKit

let task = try AddingTask(length: 100, seed: 1)
let batch = Batch<Double>(task.batchShape(steps: 100, rows: 20))
task.fill(batch, from: BatchLocation(split: .test, sequence: 0, rows: 20))

var curves: [DecayFigure.Curve] = []
for text in ["rnn", "lstm"] {
  let cell = try CellSpecification(parsing: text)
  let model = RecurrentModel(
    cell, ModelConfiguration(input: task.input, target: task.target, hidden: 64))
  let parameters: Parameters<Double> = model.initialParameters(cell, seed: 1)

  let meter = DecayMeter(model, batch: batch)
  for curve in meter.curves(under: parameters) where curve.path != .state {
    let fit = DecayFit(curve)
    print(
      "\(text) \(curve.path.rawValue): \(fit.verdict.rawValue), norm at lag 10 is",
      String(format: "%.1e", curve.means[10] / curve.means[0]), "of the norm at lag 0")
    curves.append(
      DecayFigure.Curve(
        label: text, path: curve.path.rawValue, norms: curve.means,
        verdict: fit.verdict.rawValue, rate: fit.rate, halfLife: fit.halfLife,
        doublingTime: fit.doublingTime))
  }
}

let figure = DecayFigure(curves: curves, subtitle: "adding, T = 100, at initialization")
if let plot = figure.terminalPlot(columns: 72, rows: 16) { print(plot) }
