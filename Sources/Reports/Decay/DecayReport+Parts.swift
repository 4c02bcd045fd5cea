import UnrollFigures
import UnrollFileFormats
import UnrollRecurrentCells

/// What `unroll decay` leaves beside `decay.csv` and its figure.
extension DecayReport {
  /// A table and a figure of one name; nil is what was not measured.
  package struct Part {
    package let name: String
    package var table: CSVWriter?
    package var figure: (any Figure)?
  }

  package var parts: [Part] {
    let (isMeasured, hasAllExponents) = (!cells.isEmpty, study.exponents?.count == nil)
    return [
      Part(
        name: "contributions", table: isMeasured ? contributionsCSV : nil,
        figure: isMeasured ? contributionsFigure : nil),
      Part(
        name: "formats", table: isMeasured ? formatsCSV : nil,
        figure: isMeasured ? formatsFigure : nil),
      Part(
        name: "gates", table: hasGates ? gatesCSV : nil, figure: hasGates ? gatesFigure : nil),
      Part(
        name: "truncation", table: hasTruncation ? truncationCSV : nil,
        figure: hasTruncation ? truncationFigure : nil),
      Part(
        name: "exponents", table: hasExponents ? exponentsCSV : nil,
        figure: hasExponents ? exponentsFigure : nil),
      Part(name: "exponents-convergence", table: hasExponents ? convergenceCSV : nil),
      Part(
        name: "singular-values", table: hasExponents && hasAllExponents ? singularValuesCSV : nil),
    ]
  }
}
