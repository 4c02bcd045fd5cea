import UnrollText

extension OptionKind {
  /// What the kind takes, completing "must be …".
  package var accepted: String {
    switch self {
    case .flag: "true or false"
    case .integer(let range): "a whole number \(Self.words(range))"
    case .real(let range): range.accepted
    case .choice(let names): names.isEmpty ? "nothing" : names.listed("or")
    case .text(let allowsEmpty), .repeatedTexts(let allowsEmpty):
      allowsEmpty ? "a text" : "a text that is not empty"
    case .file(let name): "a file, or a folder with the file \(name)"
    case .integerList(let range): "whole numbers \(Self.words(range)) between commas"
    case .textList: "texts between commas, none of them empty"
    case .custom(let accepted, _, _): accepted
    }
  }

  /// The same for an error about `value`: also the largest whole number, where that is what the value passes.
  package func accepted(inPlaceOf value: String) -> String {
    guard case .integer(let range) = self, range.upperBound == Int.max,
      Double(value).map({ $0 >= Double(Int.max) }) == true
    else { return accepted }
    return "\(accepted), at most \(NumberText.count(Int.max))"
  }

  private static func words(_ range: ClosedRange<Int>) -> String {
    let lower = NumberText.count(range.lowerBound)
    return range.upperBound == Int.max
      ? "of at least \(lower)" : "from \(lower) to \(NumberText.count(range.upperBound))"
  }
}

extension RealRange {
  /// The range in words, completing "must be …".
  package var accepted: String {
    switch (lower, upper) {
    case (.none, .none): "a finite number"
    case (.open(let a), .none): "a number above \(plain(a))"
    case (.closed(let a), .none): "a number of at least \(plain(a))"
    case (.none, .open(let b)): "a number below \(plain(b))"
    case (.none, .closed(let b)): "a number of at most \(plain(b))"
    case (.open(let a), .open(let b)): "a number above \(plain(a)) and below \(plain(b))"
    case (.open(let a), .closed(let b)): "a number above \(plain(a)) and at most \(plain(b))"
    case (.closed(let a), .open(let b)): "a number from \(plain(a)) to below \(plain(b))"
    case (.closed(let a), .closed(let b)): "a number from \(plain(a)) to \(plain(b))"
    }
  }

  private func plain(_ x: Double) -> String {
    Int(exactly: x).map { String($0) } ?? String(x)
  }
}
