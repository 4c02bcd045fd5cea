import UnrollText

/// Where the marks of settings that lack runs stand beside their points, so that none is drawn over
/// another. Sizes are in pixels, offsets in gnuplot's characters.
struct RunCountMarks {
  /// The plot: its axes and its size.
  let (x, y): (Axis, Axis)
  let (width, height): (Double, Double)
  private var taken: [Box] = []

  private static let fontSize = 10
  private static let character = (width: 7.0, height: 14.0)
  /// Beside the point above and below, at its other side, then further away.
  private static let offsets: [(x: Double, y: Double)] = [
    (0.6, 0.5), (0.6, -0.5), (-0.6, 0.5), (-0.6, -0.5), (0.6, 1.4), (0.6, -1.4), (-0.6, 1.4),
    (-0.6, -1.4),
  ]
  /// So near, a mark stands for an equal one beside it.
  private static let near = 30.0

  private struct Box {
    let text: String
    let (left, right, bottom, top): (Double, Double, Double, Double)

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && bottom < other.top && other.bottom < top
    }

    /// Whether the centers are less than `distance` apart in both directions.
    func isNear(_ other: Box, _ distance: Double) -> Bool {
      abs(left + right - other.left - other.right) < 2 * distance
        && abs(bottom + top - other.bottom - other.top) < 2 * distance
    }
  }

  init(x: Axis, y: Axis, width: Int, height: Int) {
    (self.x, self.y) = (x, y)
    (self.width, self.height) = (Double(width), Double(height))
  }

  /// Where `text` stands beside the point: gnuplot's words behind `set label '…' at first x,y`. Nil where an
  /// equal mark near it says the same, and where there is no room.
  mutating func place(_ text: String, x: Double, y: Double) -> String? {
    let boxes = Self.offsets.map { (offset: $0, box: box(text, x, y, $0)) }
    if let first = boxes.first?.box,
      taken.contains(where: { $0.text == text && $0.isNear(first, Self.near) })
    {
      return nil
    }
    let free = boxes.first { candidate in
      candidate.box.bottom >= 0 && candidate.box.top <= height && candidate.box.left >= 0
        && candidate.box.right <= width
        && !taken.contains { $0.overlaps(candidate.box) }
    }
    guard let free else { return nil }
    taken.append(free.box)
    return "\(free.offset.x > 0 ? "left" : "right") offset "
      + "\(NumberText.data(free.offset.x)),\(NumberText.data(free.offset.y))"
  }

  private func box(
    _ text: String, _ x: Double, _ y: Double, _ offset: (x: Double, y: Double)
  ) -> Box {
    let across = (x - self.x.low) / (self.x.high - self.x.low) * width
    let up = (y - self.y.low) / (self.y.high - self.y.low) * height
    let length = TextWidth.pixels(text, size: Self.fontSize)
    let start = across + offset.x * Self.character.width
    let middle = up + offset.y * Self.character.height
    let half = Double(Self.fontSize) / 2
    return offset.x > 0
      ? Box(
        text: text, left: start, right: start + length, bottom: middle - half, top: middle + half)
      : Box(
        text: text, left: start - length, right: start, bottom: middle - half, top: middle + half)
  }
}
