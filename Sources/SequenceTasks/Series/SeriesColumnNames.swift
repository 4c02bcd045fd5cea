import Foundation

/// The columns that options name.
struct SeriesColumnNames {
  /// The columns that are read.
  let read: [String]
  /// The columns that are predicted.
  let predicted: [String]

  /// - Throws: ``TaskError/missingOption(task:option:)``, ``TaskError/columnAndList(list:)``,
  ///   ``TaskError/columnList(option:text:)``.
  init(_ options: TaskOptions) throws(TaskError) {
    if let column = options.column {
      if options.columns != nil { throw .columnAndList(list: .columns) }
      if options.target != nil { throw .columnAndList(list: .target) }
      (read, predicted) = ([column], [column])
      return
    }
    guard let columns = options.columns else {
      throw .missingOption(task: "series", option: .column)
    }
    guard let read = Self.list(columns) else {
      throw .columnList(option: .columns, text: columns)
    }
    self.read = read
    guard let target = options.target else {
      predicted = read
      return
    }
    guard let predicted = Self.list(target) else {
      throw .columnList(option: .target, text: target)
    }
    self.predicted = predicted
  }

  /// The names in a list such as `load,"wind (m/s, 10 m)",3`, quoted as in CSV; nil where one is empty
  /// or quotes are not closed.
  static func list(_ text: String) -> [String]? {
    var names: [String] = []
    var (name, isOpen, wasQuoted, last) = ("", false, false, Character(","))
    for character in text + "," {
      switch character {
      case "\"" where isOpen: isOpen = false
      case _ where isOpen: name.append(character)
      case "\"" where wasQuoted && last == "\"":
        // Two quotes stand for one.
        name.append(character)
        isOpen = true
      case "\"" where name.allSatisfy(\.isWhitespace) && !wasQuoted:
        (name, isOpen, wasQuoted) = ("", true, true)
      case ",":
        if !wasQuoted { name = name.trimmingCharacters(in: .whitespaces) }
        if name.isEmpty { return nil }
        names.append(name)
        (name, wasQuoted) = ("", false)
      case _ where wasQuoted:
        if !character.isWhitespace { return nil }
      default: name.append(character)
      }
      last = character
    }
    return isOpen ? nil : names
  }
}
