import UnrollCommandLine
import UnrollDenseMath
import UnrollFeedForward
import UnrollOptimization
import UnrollRecurrentCells
import UnrollSequenceTasks
import UnrollStudies
import UnrollTraining

// The program's options by the type of their values. `OptionTable` has their rows.

extension OptionKey<Bool> {
  static var acceptChangedData: OptionKey { OptionKey("accept-changed-data") }
  static var reschedule: OptionKey { OptionKey("reschedule") }
  static var noHeader: OptionKey { OptionKey("no-header") }
  static var shuffle: OptionKey { OptionKey("shuffle") }
  static var stopWhenSolved: OptionKey { OptionKey("stop-when-solved") }
  static var exponents: OptionKey { OptionKey("exponents") }
  static var remedies: OptionKey { OptionKey("remedies") }
  static var npz: OptionKey { OptionKey("npz") }
  static var tensorboard: OptionKey { OptionKey("tensorboard") }
  static var surface: OptionKey { OptionKey("surface") }
  static var subnormals: OptionKey { OptionKey("subnormals") }
  static var observer: OptionKey { OptionKey("observer") }
  static var serve: OptionKey { OptionKey("serve") }
}

extension OptionKey<String> {
  static var sweep: OptionKey { OptionKey("sweep") }
  static var run: OptionKey { OptionKey("run") }
  static var part: OptionKey { OptionKey("part") }
}

extension OptionKey<[String]> {
  static var vary: OptionKey { OptionKey("vary") }
}

extension OptionKey<Int> {
  static var dataSeed: OptionKey { OptionKey("data-seed") }
  static var solveEvery: OptionKey { OptionKey("solve-every") }
  static var length: OptionKey { OptionKey("length") }
  static var holdout: OptionKey { OptionKey("holdout") }
  static var vocabulary: OptionKey { OptionKey("vocabulary") }
  static var validationSequences: OptionKey { OptionKey("validation-sequences") }
  static var testSequences: OptionKey { OptionKey("test-sequences") }
  static var input: OptionKey { OptionKey("input") }
  static var hidden: OptionKey { OptionKey("hidden") }
  static var layers: OptionKey { OptionKey("layers") }
  static var steps: OptionKey { OptionKey("steps") }
  static var batch: OptionKey { OptionKey("batch") }
  static var normSteps: OptionKey { OptionKey("norm-steps") }
  static var pretrain: OptionKey { OptionKey("pretrain") }
  static var evalEvery: OptionKey { OptionKey("eval-every") }
  static var keepCheckpoints: OptionKey { OptionKey("keep-checkpoints") }
  static var warmup: OptionKey { OptionKey("warmup") }
  static var scheduleEvery: OptionKey { OptionKey("schedule-every") }
  static var watchDecay: OptionKey { OptionKey("watch-decay") }
  static var exponentSteps: OptionKey { OptionKey("exponent-steps") }
  static var exponentWarmup: OptionKey { OptionKey("exponent-warmup") }
  static var exponentCount: OptionKey { OptionKey("exponent-count") }
  static var needs: OptionKey { OptionKey("needs") }
  static var horizon: OptionKey { OptionKey("horizon") }
  static var sequences: OptionKey { OptionKey("sequences") }
  static var characters: OptionKey { OptionKey("characters") }
  static var seed: OptionKey { OptionKey("seed") }
  static var seeds: OptionKey { OptionKey("seeds") }
  static var threads: OptionKey { OptionKey("threads") }
}

extension OptionKey<Double> {
  static var l1: OptionKey { OptionKey("l1") }
  static var l2: OptionKey { OptionKey("l2") }
  static var solveAt: OptionKey { OptionKey("solve-at") }
  static var learningRate: OptionKey { OptionKey("learning-rate") }
  static var checkpointEvery: OptionKey { OptionKey("checkpoint-every") }
  static var momentum: OptionKey { OptionKey("momentum") }
  static var beta1: OptionKey { OptionKey("beta1") }
  static var beta2: OptionKey { OptionKey("beta2") }
  static var epsilon: OptionKey { OptionKey("epsilon") }
  static var rmspropDecay: OptionKey { OptionKey("rmsprop-decay") }
  static var weightDecay: OptionKey { OptionKey("weight-decay") }
  static var scheduleFactor: OptionKey { OptionKey("schedule-factor") }
  static var temperature: OptionKey { OptionKey("temperature") }
  static var budget: OptionKey { OptionKey("budget") }
}

extension OptionKey<String> {
  static var task: OptionKey { OptionKey("task") }
  static var file: OptionKey { OptionKey("file") }
  static var column: OptionKey { OptionKey("column") }
  static var columns: OptionKey { OptionKey("columns") }
  static var target: OptionKey { OptionKey("target") }
  static var inputs: OptionKey { OptionKey("inputs") }
  static var missing: OptionKey { OptionKey("missing") }
  static var decimal: OptionKey { OptionKey("decimal") }
  static var order: OptionKey { OptionKey("order") }
  static var initialState: OptionKey { OptionKey("initial-state") }
  static var forgetBias: OptionKey { OptionKey("forget-bias") }
  static var model: OptionKey { OptionKey("model") }
  static var recurrent: OptionKey { OptionKey("recurrent") }
  static var readout: OptionKey { OptionKey("readout") }
  static var statistics: OptionKey { OptionKey("statistics") }
  static var expect: OptionKey { OptionKey("expect") }
  static var onNonfinite: OptionKey { OptionKey("on-nonfinite") }
  static var optimizer: OptionKey { OptionKey("optimizer") }
  static var schedule: OptionKey { OptionKey("schedule") }
  static var lossAt: OptionKey { OptionKey("loss-at") }
  static var prompt: OptionKey { OptionKey("prompt") }
  static var precision: OptionKey { OptionKey("precision") }
  static var out: OptionKey { OptionKey("out") }
}

extension OptionKey<[String]> {
  static var runs: OptionKey { OptionKey("runs") }
}

extension OptionKey<[Int]> {
  static var truncation: OptionKey { OptionKey("truncation") }
  static var width: OptionKey { OptionKey("width") }
}

extension OptionKey<CellSpecification> {
  static var cell: OptionKey { OptionKey("cell") }
}

extension OptionKey<[CellSpecification]> {
  static var cells: OptionKey { OptionKey("cells") }
}

extension OptionKey<Activation> {
  static var activation: OptionKey { OptionKey("activation") }
}

extension OptionKey<Initializer> {
  static var initializer: OptionKey { OptionKey("init") }
}

extension OptionKey<[FeedForwardSpecification]> {
  static var stacks: OptionKey { OptionKey("stacks") }
}

extension OptionKey<Truncation> {
  static var window: OptionKey { OptionKey("window") }
}

extension OptionKey<Recompute> {
  static var recompute: OptionKey { OptionKey("recompute") }
}

extension OptionKey<[Truncation]> {
  static var windows: OptionKey { OptionKey("windows") }
}

extension OptionKey<Clipping> {
  static var clip: OptionKey { OptionKey("clip") }
}

extension OptionKey<[ClipThreshold]> {
  static var thresholds: OptionKey { OptionKey("thresholds") }
}

extension OptionKey<Regularizer> {
  static var regularize: OptionKey { OptionKey("regularize") }
}

extension OptionKey<HeldOutPart> {
  static var validation: OptionKey { OptionKey("validation") }
  static var test: OptionKey { OptionKey("test") }
}

extension OptionKey<SurfacePlace> {
  static var start: OptionKey { OptionKey("start") }
}

extension OptionKey<TargetsChoice> {
  static var targets: OptionKey { OptionKey("targets") }
}
