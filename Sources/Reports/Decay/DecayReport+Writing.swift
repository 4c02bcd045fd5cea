import UnrollFigures
import UnrollFileFormats
import UnrollStudies

extension DecayReport {
  /// Writes all tables and figures and `summary.json` into a folder, which is made where it is not
  /// there.
  ///
  /// The files are `decay.csv`, `decay-seeds.csv` where curves are means over seeds, the tables of
  /// every section that has entries, a figure for each of them (a gnuplot script `.gp` and its
  /// pictures), `decay.npz` where that is asked for, and `summary.json`. Tables and figures of the same
  /// names that an earlier report left are replaced, or removed where this one does not have them.
  ///
  /// - Parameters:
  ///   - formats: of the pictures.
  ///   - npz: whether the columns of all tables are also written as NumPy's arrays (``arrays``).
  ///   - gnuplot: draws the pictures; nil where it is not installed.
  /// - Returns: why pictures are missing, one error for each figure that could not be drawn. The
  ///   scripts are written all the same.
  /// - Throws: `FileError` and `FigureError.cannotWrite` for a file that cannot be written.
  @discardableResult
  public func write(
    to folder: String, formats: [FigureFormat] = FigureFormat.allCases,
    npz: Bool = false, gnuplot: Gnuplot? = Gnuplot()
  ) throws -> [FigureError] {
    try OutputFolder.create(folder)
    let pictures = PictureFolder(path: folder, formats: formats, gnuplot: gnuplot)
    for name in Set([Self.seedsTableName] + sections.flatMap { [$0.name] + $0.tableNames }) {
      RunFolder.removeLeftovers(of: name, in: folder)
    }
    RunFolder.removeLeftover(RunFolder.decayArrays, in: folder)
    let tables = tables
    for table in tables { try table.csv.write(to: "\(folder)/\(table.name).csv") }
    if npz {
      try NumPyArchive.write(arrays(of: tables), to: "\(folder)/\(RunFolder.decayArrays)")
    }
    var missing = try pictures.draw(figure, name: "decay")
    for section in sections { missing += try draw(section, in: pictures) }
    try summary(in: folder).write(to: "\(folder)/summary.json")
    return missing
  }

  private func draw(
    _ section: some DecaySection, in pictures: PictureFolder
  ) throws -> [FigureError] {
    guard !entries(of: section).isEmpty,
      let figure = section.figure(of: shownEntries(of: section), in: self)
    else { return [] }
    return try pictures.draw(figure, name: section.name)
  }
}

/// Where a report's figures are drawn, and how.
private struct PictureFolder {
  let path: String
  let formats: [FigureFormat]
  let gnuplot: Gnuplot?

  /// - Returns: why the pictures are missing; empty where they are not.
  /// - Throws: `FigureError.cannotWrite`.
  func draw(_ figure: some Figure, name: String) throws -> [FigureError] {
    do throws(FigureError) {
      try figure.write(to: path, name: name, formats: formats, gnuplot: gnuplot)
      return []
    } catch {
      if case .cannotWrite = error { throw error }
      return [error]
    }
  }
}
