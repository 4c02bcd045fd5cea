/// How the elements of an array follow each other.
enum IndexOrder {
  case constant
  /// With the first element that is the same as the one before, nil where there is none.
  case ascending(Int?)
  case descending(Int?)
  /// With the first element that turns back.
  case none(Int)

  var isStrict: Bool {
    switch self {
    case .ascending(nil), .descending(nil): true
    default: false
    }
  }

  init(_ elements: [Double]) {
    var (sign, repeated) = (0, Int?.none)
    for index in elements.indices.dropFirst() {
      let (previous, element) = (elements[index - 1], elements[index])
      if element == previous {
        repeated = repeated ?? index
        continue
      }
      let step = element > previous ? 1 : -1
      if sign != 0, step != sign {
        self = .none(index)
        return
      }
      sign = step
    }
    self = sign == 0 ? .constant : sign > 0 ? .ascending(repeated) : .descending(repeated)
  }
}
