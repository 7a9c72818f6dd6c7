import Losses
import Optimizers
import Testing

/// Slow parameters, sharpness-aware steps and averages, as other systems have them: `Tests/Golden/around_updates.py` says
/// what each is given in 100 steps.
@Suite struct AroundUpdatesGoldenTests {
  struct Outcome: Decodable, Sendable {
    var parameters: [Double]?
    var average: [Double]?
  }

  private static let file = GoldenSteps.File<Outcome>("around_updates.json")

  /// What to write here for a call there.
  struct Row: Sendable, CustomTestStringConvertible {
    enum What: Sendable {
      /// With a new optimizer after each period, if it `resets`.
      case lookahead(rule: String, period: Int, share: Double, resets: Bool = false)
      case sharpness(rule: String, radius: Double)
      case average(ParameterAverage<Double>.Kind)
      /// An exponential average that begins at 0, and its correction.
      case averageFromZero(decay: Double, isCorrected: Bool)
    }
    var call: String
    var what: What
    var testDescription: String { call }

    init(_ call: String, _ what: What) { (self.call, self.what) = (call, what) }
  }

  private static let momentum = "sgd(learningRate: 0.01, momentum: 0.9)"
  private static let adam = "adam(learningRate: 0.01)"

  private static func sharpness(_ rule: String, _ radius: Double, _ end: String, _ what: String) -> Row {
    Row(
      "optax.contrib.sam(\(rule), optax.chain(optax.contrib.normalize(), optax.sgd(\(radius))), \(end))",
      .sharpness(rule: what, radius: radius))
  }

  static let rows: [Row] = [
    Row(
      "optax.lookahead(optax.sgd(0.01, momentum=0.9), sync_period=5, slow_step_size=0.5)",
      .lookahead(rule: momentum, period: 5, share: 0.5)),
    Row(
      "optax.lookahead(optax.adam(0.01), sync_period=7, slow_step_size=0.8)",
      .lookahead(rule: adam, period: 7, share: 0.8)),
    Row(
      "optax.lookahead(optax.adam(0.01), sync_period=1, slow_step_size=0.25)",
      .lookahead(rule: adam, period: 1, share: 0.25)),
    Row(
      "optax.lookahead(optax.adam(0.01), sync_period=6, slow_step_size=0.5, reset_state=True)",
      .lookahead(rule: adam, period: 6, share: 0.5, resets: true)),
    sharpness("optax.sgd(0.01)", 0.05, "opaque_mode=True", "sgd(learningRate: 0.01)"),
    sharpness("optax.sgd(0.01, momentum=0.9)", 0.5, "opaque_mode=True", momentum),
    sharpness("optax.adam(0.01)", 0.05, "opaque_mode=True", adam),
    sharpness("optax.adam(0.01)", 0.25, "sync_period=2", adam),
    Row("swa_utils.AveragedModel(m)", .average(.uniform)),
    Row("swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_swa_multi_avg_fn())", .average(.uniform)),
    Row(
      "swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_ema_multi_avg_fn())",
      .average(.exponential(decay: 0.999))),
    Row(
      "swa_utils.AveragedModel(m, multi_avg_fn=swa_utils.get_ema_multi_avg_fn(0.9))",
      .average(.exponential(decay: 0.9))),
    Row(
      "swa_utils.AveragedModel(m, avg_fn=swa_utils.get_ema_avg_fn(0.5))", .average(.exponential(decay: 0.5))),
    Row("optax.ema(0.999)", .averageFromZero(decay: 0.999, isCorrected: true)),
    Row("optax.ema(0.9)", .averageFromZero(decay: 0.9, isCorrected: true)),
    Row("optax.ema(0.9, debias=False)", .averageFromZero(decay: 0.9, isCorrected: false)),
  ]

  private static func run<S: LossScalar>(_ what: Row.What, _: S.Type) throws -> Outcome {
    var parameters = GoldenSteps.start.map { S($0) }
    func gradient(_ step: Int) -> [S] { GoldenSteps.gradient(step).map { S($0) } }
    switch what {
    case .lookahead(let rule, let period, let share, let resets):
      let first = try Optimizer<S>(UpdateRule(rule), parameterCount: parameters.count)
      var optimizer = first
      var lookahead = try Lookahead(from: parameters, period: period, share: share)
      for step in 0..<GoldenSteps.count {
        try optimizer.update(&parameters, gradient: gradient(step))
        if try lookahead.follow(&parameters), resets { optimizer = first }
      }
      return Outcome(parameters: parameters.map(\._double), average: lookahead.slow.map(\._double))
    case .sharpness(let rule, let radius):
      var optimizer = try Optimizer<S>(UpdateRule(rule), parameterCount: parameters.count)
      var awareness = try SharpnessAwareness<S>(radius: radius)
      func gradient(at parameters: [S], _ step: Int) -> [S] {
        zip(parameters, GoldenSteps.gradient(step)).map { S($1 + $0._double / 2) }
      }
      for step in 0..<GoldenSteps.count {
        try awareness.climb(&parameters, gradient: gradient(at: parameters, step))
        let worst = gradient(at: parameters, step)
        try awareness.descend(&parameters)
        try optimizer.update(&parameters, gradient: worst)
      }
      return Outcome(parameters: parameters.map(\._double))
    case .average(let kind):
      var average = try ParameterAverage<S>(of: parameters, kind: ParameterAverage<S>.Kind(kind))
      for step in 0..<GoldenSteps.count { try average.add(point(step)) }
      return Outcome(average: average.values.map(\._double))
    case .averageFromZero(let decay, let isCorrected):
      let zeros = [S](repeating: S(0), count: parameters.count)
      var average = try ParameterAverage<S>(of: zeros, kind: .exponential(decay: decay))
      try average.add(zeros)
      for step in 0..<GoldenSteps.count { try average.add(point(step)) }
      var power = 1.0
      for _ in 0..<GoldenSteps.count { power *= decay }
      let correction = isCorrected ? 1 - power : 1
      return Outcome(average: average.values.map { $0._double / correction })
    }
  }

  private static func point<S: LossScalar>(_ step: Int) -> [S] {
    zip(GoldenSteps.start, GoldenSteps.gradient(step)).map { S($0 + $1) }
  }

  @Test(arguments: rows) func theyEndWhereTheyDoThere(_ row: Row) throws {
    let record = try #require(Self.file.records.first { $0.call == row.call }, "no record of \(row.call)")
    func check(_ found: Outcome, _ expected: Outcome, within tolerance: Double) {
      #expect((expected.parameters ?? expected.average) != nil)
      if let parameters = expected.parameters {
        #expect(GoldenSteps.agree(found.parameters ?? [], parameters, within: tolerance))
      }
      if let average = expected.average {
        #expect(GoldenSteps.agree(found.average ?? [], average, within: tolerance))
      }
    }
    check(try Self.run(row.what, Double.self), record.double, within: 1e-12)
    check(try Self.run(row.what, Float.self), record.float, within: 1e-6)
  }

  @Test func everyRecordHasARow() {
    #expect(Set(Self.file.records.map(\.call)) == Set(Self.rows.map(\.call)))
  }
}

extension ParameterAverage.Kind {
  /// The kind of an average of another scalar.
  fileprivate init(_ other: ParameterAverage<Double>.Kind) {
    self =
      switch other {
      case .exponential(let decay): .exponential(decay: decay)
      case .uniform: .uniform
      }
  }
}
