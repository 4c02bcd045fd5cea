import Testing
import UnrollSequenceTasks

struct TaskTableTests {
  @Test func namesAreThoseOfTheTasks() throws {
    let names = TaskTable.all.map(\.name)
    #expect(Set(names).count == names.count)
    for entry in TaskTable.all where entry.options == [.length] {
      #expect(try entry.make(TaskOptions()).name == entry.name)
    }
  }

  @Test func refusesAnUnknownTask() {
    #expect(
      throws: TaskError.unknownTask("copi", accepted: TaskTable.all.map(\.name))
    ) { try TaskTable.entry(named: "copi") }
  }

  @Test(arguments: [("text", TaskOption.file), ("series", .file), ("arrays", .inputs)])
  func saysWhichOptionIsMissing(name: String, option: TaskOption) throws {
    let entry = try TaskTable.entry(named: name)
    #expect(throws: TaskError.missingOption(task: name, option: option)) {
      try entry.make(TaskOptions())
    }
  }

  @Test func aSeriesNeedsAColumn() throws {
    let file = try TemporaryFile("v\n1\n2\n3\n4\n5\n6\n7\n")
    #expect(throws: TaskError.missingOption(task: "series", option: .column)) {
      try TaskTable.entry(named: "series").make(TaskOptions(file: file.path))
    }
  }

  @Test func streamsNeedDataForEveryRow() throws {
    let file = try TemporaryFile("v\n" + (0..<14).map { "\($0)\n" }.joined())
    let entry = try TaskTable.entry(named: "series")
    // 14 values, 2 and 2 held out: 10 to train on, 4 rows of 2 steps need 9.
    #expect(try entry.make(TaskOptions(rows: 4, file: file.path, column: "v")).isStream)
    for rows in [5, Int.max / 2, Int.max] {
      #expect(throws: TaskError.self) {
        try entry.make(TaskOptions(rows: rows, file: file.path, column: "v"))
      }
    }
  }
}
