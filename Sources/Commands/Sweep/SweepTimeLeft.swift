/// How long a sweep will still take, from what its runs cost and how fast they have been so far.
///
/// Until a setting has made a part of a run, its updates are taken to cost as much as those of all others,
/// by their multiplications. The estimate is a range: it is wide at the start, and as wide as settings
/// differ in speed for those that have not begun; runs that end early, as those before them did, make its
/// lower end.
struct SweepTimeLeft {
  /// What is known of a run before it is made.
  struct Work {
    /// Runs of the same setting cost alike.
    var setting: Int
    /// The multiplications of an update, roughly.
    var perUpdate: Double
    /// The most updates it makes.
    var updates: Int
  }

  private enum State {
    case waiting
    case running(Progress)
    case ended
  }

  /// A run between its first update and its last.
  private struct Progress {
    /// The number of its first update, and when that was made.
    let (first, since): (Int, Double)
    /// The number of its last one so far, and when that was made.
    var (updates, last): (Int, Double)
    let total: Int
  }

  /// What the ended runs of a setting took, and what is still to be done of it.
  private struct Setting {
    /// The work of the ended runs and the seconds it took.
    var (work, seconds) = (0.0, 0.0)
    /// The work of the runs that wait, how many there are, and the largest.
    var (waiting, count, largest) = (0.0, 0, 0.0)
    /// The work of a usual run.
    var usual = 0.0
  }

  private let threads: Int
  private var runs: [(work: Work, state: State)] = []
  private var settings: [Int: Setting] = [:]
  private var running: Set<Int> = []
  /// The work of the ended runs: what they would have done at most, and what they did.
  private var (planned, done) = (0.0, 0.0)

  /// A sweep of which `threads` runs are made at a time.
  init(threads: Int) { self.threads = max(threads, 1) }

  /// Adds a run to those that wait.
  ///
  /// - Returns: its number.
  mutating func add(_ work: Work) -> Int {
    let size = work.perUpdate * Double(work.updates)
    var setting = settings[work.setting] ?? Setting()
    setting.waiting += size
    setting.count += 1
    setting.largest = max(setting.largest, size)
    setting.usual = max(setting.usual, size)
    settings[work.setting] = setting
    runs.append((work, .waiting))
    return runs.count - 1
  }

  private mutating func begin(_ run: Int) {
    let work = runs[run].work
    settings[work.setting]?.waiting -= work.perUpdate * Double(work.updates)
    settings[work.setting]?.count -= 1
    if settings[work.setting]?.count == 0 {
      settings[work.setting]?.waiting = 0
      settings[work.setting]?.largest = 0
    }
  }

  /// A run has made its `update`-th update of `total`.
  mutating func update(_ run: Int, update: Int, of total: Int, at now: Double) {
    switch runs[run].state {
    case .waiting:
      begin(run)
      running.insert(run)
      runs[run].state = .running(
        Progress(first: update, since: now, updates: update, last: now, total: total))
    case .running(var progress):
      (progress.updates, progress.last) = (update, now)
      runs[run].state = .running(progress)
    case .ended: break
    }
  }

  /// A run has ended, maybe before its last update.
  mutating func end(_ run: Int, at now: Double) {
    let work = runs[run].work
    switch runs[run].state {
    case .waiting: begin(run)
    case .running(let progress):
      running.remove(run)
      settings[work.setting]?.work += Double(progress.updates - progress.first) * work.perUpdate
      settings[work.setting]?.seconds += now - progress.since
      planned += Double(progress.total) * work.perUpdate
      done += Double(progress.updates) * work.perUpdate
    case .ended: break
    }
    runs[run].state = .ended
  }

  /// The seconds that are left; nil as long as nothing is known of the speed, and at the end.
  func estimate() -> ClosedRange<Double>? {
    var settings = settings
    // Of the runs under way: what is done, and what is left if they end early or make all updates.
    let early = planned > 0 ? done / planned : 1
    var (left, begun) = ([(setting: Int, least: Double, most: Double)](), 0.0)
    for run in running {
      guard case .running(let progress) = runs[run].state else { continue }
      let work = runs[run].work
      settings[work.setting]?.work += Double(progress.updates - progress.first) * work.perUpdate
      settings[work.setting]?.seconds += progress.last - progress.since
      let (updates, total) = (Double(progress.updates), Double(progress.total))
      begun += updates * work.perUpdate
      left.append(
        (
          work.setting, max(early * total - updates, 0) * work.perUpdate,
          (total - updates) * work.perUpdate
        ))
    }
    var (made, seconds, count) = (0.0, 0.0, running.count)
    var ahead = left.reduce(0) { $0 + $1.most }
    for setting in settings.values {
      (made, seconds) = (made + setting.work, seconds + setting.seconds)
      (count, ahead) = (count + setting.count, ahead + setting.waiting)
    }
    guard made > 0, seconds >= Self.leastSeconds, ahead > 0 else { return nil }

    // A tenth of a run at the speed of all, then a setting's own.
    let usual = seconds / made
    let paces = settings.compactMapValues { setting -> Double? in
      let prior = 0.1 * setting.usual
      return setting.work > 0
        ? (setting.seconds + prior * usual) / (setting.work + prior) : nil
    }
    let (fast, slow) = (paces.values.min() ?? usual, paces.values.max() ?? usual)
    var least = Sum()
    var most = Sum()
    for (setting, low, high) in left {
      least.add(low, each: low, at: paces[setting] ?? fast)
      most.add(high, each: high, at: paces[setting] ?? slow)
    }
    for (number, setting) in settings where setting.count > 0 {
      least.add(early * setting.waiting, each: early * setting.largest, at: paces[number] ?? fast)
      most.add(setting.waiting, each: setting.largest, at: paces[number] ?? slow)
    }
    let error = Self.error(share: (done + begun) / (done + begun + ahead))
    let side = min(threads, count)
    let low = least.seconds(sideBySide: side) * (1 - error)
    return low...max(low, most.seconds(sideBySide: side) * (1 + error))
  }

  /// The seconds of several runs, one after the other, and those of the longest.
  private struct Sum {
    var (all, longest) = (0.0, 0.0)

    mutating func add(_ work: Double, each size: Double, at pace: Double) {
      all += work * pace
      longest = max(longest, size * pace)
    }

    /// How long they take, several at a time.
    func seconds(sideBySide count: Int) -> Double { max(all / Double(count), longest) }
  }

  /// Below this, the first updates of a run say little.
  private static let leastSeconds = 0.5

  /// The part by which an estimate may be wrong when a share of the work is done.
  private static func error(share: Double) -> Double { 0.1 + 0.4 * max(0, 1 - share / 0.1) }
}
