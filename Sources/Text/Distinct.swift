extension Sequence {
  /// The elements without those whose key an earlier one has.
  package func distinct<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
    var seen: Set<Key> = []
    return filter { seen.insert(key($0)).inserted }
  }
}

extension Sequence where Element: Hashable {
  /// The different elements, in the order in which they first appear.
  package var distinct: [Element] { distinct { $0 } }
}
