import Foundation
import UnrollDenseMath

/// What a lesson is run with: seeds, and values of its own parameters.
public struct LessonSettings: Sendable {
  /// The first seed.
  public var seed: UInt64
  /// How many seeds the lesson repeats over; nil takes as many as the lesson has of its own.
  public var seedCount: Int?
  /// The values of parameters by their names; the others have their defaults.
  public var values: [String: [Double]]
  /// Asked before each run of a lesson; true breaks the lesson off.
  public var shouldStop: @Sendable () -> Bool = { false }
  private(set) var lesson: Lesson?

  /// Settings for any lesson.
  public init(seed: UInt64 = 1, seeds: Int? = nil, values: [String: [Double]] = [:]) {
    self.seed = seed
    self.seedCount = seeds
    self.values = values
  }

  init(_ settings: LessonSettings, of lesson: Lesson) {
    self = settings
    self.lesson = lesson
  }

  /// The values of a parameter of the lesson.
  func list(_ name: String) -> [Double] {
    values[name] ?? lesson?.parameters.first { $0.name == name }?.defaults ?? []
  }

  /// The values of a parameter, one for each of `count`: a single one stands for all.
  func list(_ name: String, count: Int) -> [Double] {
    let list = list(name)
    return list.count == 1 ? Array(repeating: list[0], count: count) : list
  }

  /// The value of a parameter that has one.
  func number(_ name: String) -> Double { list(name).first ?? .nan }

  /// The value of a parameter that has a whole one.
  func count(_ name: String) -> Int { Int(number(name)) }

  /// The seeds that the lesson repeats over.
  var seeds: [UInt64] {
    (0..<UInt64(seedCount ?? lesson?.seeds ?? 1)).map { seed + $0 }
  }

  /// What `body` makes of each seed, in their order, on all cores.
  ///
  /// - Throws: the first error of a seed; `CancellationError` where it was broken off.
  func overSeeds<Value: Sendable>(
    _ body: @escaping @Sendable (UInt64) throws -> Value
  ) throws -> [Value] {
    let seeds = seeds
    return try map(seeds.count) { try body(seeds[$0]) }
  }

  /// body(0), body(1), … in their order, on all cores.
  ///
  /// - Throws: the first error; `CancellationError` where it was broken off.
  func map<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
  ) throws -> [Value] {
    try Workers.map(count, threads: ProcessInfo.processInfo.activeProcessorCount) { place in
      Result {
        if shouldStop() { throw CancellationError() }
        return try body(place)
      }
    }.map { try $0.get() }
  }
}
