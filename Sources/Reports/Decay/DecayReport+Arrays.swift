import UnrollFileFormats
import UnrollStudies

extension DecayReport {
  /// Every table of the report as arrays, which `decay.npz` holds: one for each column, called
  /// `decay/norm_mean` or `gates/lag`.
  ///
  /// `decay/norms` [rows of `decay.csv`, B] is in no table: the norm of each sequence of the batch, of
  /// which `decay/norm_mean` is the mean. The sequences that reach back furthest come first, those that
  /// reach as far in the batch's order. NaN stands where a sequence does not reach the row's lag, and in
  /// the rows of earlier runs.
  public var arrays: [NamedArray] { arrays(of: tables) }

  /// ``arrays``, of ``tables`` that are made already.
  func arrays(of tables: [FieldTable]) -> [NamedArray] { tables.flatMap(\.arrays) + [norms] }

  /// `decay/norms`, in the order of the rows of ``csv``.
  private var norms: NamedArray {
    let width = study.data.shape.rows
    let measured = models.flatMap { $0.curves.flatMap(\.curve.norms) }
    let earlier = study.runs.reduce(0) { $0 + $1.rows.count }
    var values: [Double] = []
    values.reserveCapacity((measured.count + earlier) * width)
    for norms in measured + Array(repeating: [], count: earlier) {
      values += norms
      values += repeatElement(.nan, count: width - norms.count)
    }
    return NamedArray(
      "decay/norms", shape: [measured.count + earlier, width], .doubles(values))
  }
}
