import Testing

@testable import UnrollFigures

/// Tics of dates at the places that a calendar has.
struct DateAxisTests {
  private let day = 86_400.0
  /// 2024-01-31, in seconds since the start of 1970: 19,753 days.
  private let start = 19_753 * 86_400.0

  private func labels(_ low: Double, _ high: Double, tics: Int = 5) -> [String] {
    Axis.dates([low, .nan, high], tics: tics).tics.map(\.label)
  }

  @Test func yearsMonthsAndDays() {
    #expect(
      labels(start, start + 4 * 366 * day) == ["2025", "2026", "2027", "2028"])
    #expect(
      labels(start, start + 120 * day) == ["2024-02", "2024-03", "2024-04", "2024-05"])
    #expect(
      labels(start, start + 3 * day)
        == ["2024-01-31", "2024-02-01", "2024-02-02", "2024-02-03"])
    // Of weeks, the Mondays.
    #expect(
      labels(start, start + 30 * day)
        == ["2024-02-05", "2024-02-12", "2024-02-19", "2024-02-26"])
  }

  @Test func hoursMinutesAndSeconds() {
    #expect(
      labels(start, start + 86_400) == [
        "01-31 00:00", "01-31 06:00", "01-31 12:00", "01-31 18:00", "02-01 00:00",
      ])
    #expect(
      labels(start, start + 180) == ["00:00", "00:01", "00:02", "00:03"].map { "01-31 \($0)" })
    #expect(labels(start, start + 0.5).last == "00:00:00.500")
    #expect(labels(start + 1, start + 5).first == "00:00:01")
  }

  /// Every label lies on the axis where its date is, also before 1970, and there are not too many.
  @Test(arguments: [-6e10, -3e9, 0, 1.7e9, 2e11])
  func everySpanHasTics(low: Double) {
    for span in [0, 0.01, 7, 500, 4e4, 1e6, 9e7, 3e9, 1e11] {
      let axis = Axis.dates([low, low + span], tics: 5)
      #expect((1...6).contains(axis.tics.count) || span == 0, "\(low) \(span)")
      #expect(axis.low <= low && low + span <= axis.high && axis.low < axis.high)
      for (tic, next) in zip(axis.tics, axis.tics.dropFirst()) {
        #expect(tic.at < next.at && tic.label != next.label, "\(low) \(span)")
      }
    }
  }
}
