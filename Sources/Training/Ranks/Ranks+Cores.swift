import UnrollDenseMath

extension Ranks {
  /// How many threads each rank may start before threads wait for cores: the number of cores that a rank
  /// may use, divided by the number of ranks that may use the same ones, but at least 1. It is the least
  /// over all ranks, so that all have the same number, which a run records. All ranks call this.
  ///
  /// - Parameter own: the cores of this rank.
  package func threadsForEach(_ own: CoreSet = .present) -> Int {
    guard count > 1 else { return own.count }
    // A row for each rank. Halves of 32 bits, because a Double holds 53 exactly.
    let all = Matrix<Double>(rows: count, columns: 3)
    all[number, 0] = Double(own.count)
    all[number, 1] = Double(own.identity >> 32)
    all[number, 2] = Double(own.identity & 0xFFFF_FFFF)
    sum(all)
    let sets = (0..<count).map { CoreSet(all, rank: $0) }
    let sharing = Dictionary(sets.map { ($0.identity, 1) }, uniquingKeysWith: +)
    return sets.map { max(1, $0.count / (sharing[$0.identity] ?? 1)) }.min() ?? 1
  }
}

extension CoreSet {
  fileprivate init(_ all: Matrix<Double>, rank: Int) {
    self.init(
      count: Int(all[rank, 0]), identity: UInt64(all[rank, 1]) << 32 | UInt64(all[rank, 2]))
  }
}
