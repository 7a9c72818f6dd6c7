import Losses
import Optimizers
import Testing

/// Where 100 steps of the rules of other systems end, on the same gradients: `Tests/Golden/update_rules.py` writes it.
@Suite struct UpdateGoldenTests {
  private static let file = GoldenSteps.File<[Double]>("update_rules.json")

  /// What to write here for a call there.
  struct Row: Sendable, CustomTestStringConvertible {
    var call: String
    var rule: String
    var options = UpdateOptions()
    var columns: Int?
    var testDescription: String { call }
  }

  private static func torch(_ call: String, _ rule: String, _ options: UpdateOptions = UpdateOptions()) -> Row {
    Row(call: "torch.optim.\(call)", rule: rule, options: options)
  }

  private static func matrix(_ call: String, _ rule: String, columns: Int) -> Row {
    Row(call: "torch.optim.\(call)", rule: rule, columns: columns)
  }

  /// With a weight decay that is added to the gradient.
  private static func decayed(_ call: String, _ rule: String, _ options: UpdateOptions = UpdateOptions()) -> Row {
    Row(call: "optax.chain(optax.add_decayed_weights(0.1), \(call))", rule: rule, options: options)
  }

  private static let adafactor =
    "adafactor(learningRate: 0.3, decayExponent: 0.5, epsilon: 1e-2, leastScale: 0.5, threshold: 1.25, weightDecay: 0.1)"

  static let rows: [Row] =
    [
      torch("SGD([p], lr=0.01)", "sgd(learningRate: 0.01)"),
      torch("SGD([p], lr=0.01, maximize=True)", "sgd(learningRate: 0.01)", UpdateOptions(maximizes: true)),
      torch("SGD([p], lr=0.01, weight_decay=0.1)", "sgd(learningRate: 0.01, weightDecay: 0.1)"),
      torch("SGD([p], lr=0.01, momentum=0.9)", "sgd(learningRate: 0.01, momentum: 0.9)"),
      torch(
        "SGD([p], lr=0.01, momentum=0.9, dampening=0.3, weight_decay=0.1)",
        "sgd(learningRate: 0.01, momentum: 0.9, dampening: 0.3, weightDecay: 0.1)"),
      torch("SGD([p], lr=0.01, momentum=0.9, nesterov=True)", "nesterov(learningRate: 0.01)"),
      torch(
        "SGD([p], lr=0.01, momentum=0.9, nesterov=True, weight_decay=0.1)",
        "nesterov(learningRate: 0.01, weightDecay: 0.1)"),
      torch("Adam([p], lr=0.01)", "adam(learningRate: 0.01)"),
      torch(
        "Adam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
        "adam(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)"),
      torch(
        "Adam([p], lr=0.01, maximize=True, weight_decay=0.1)", "adam(learningRate: 0.01, weightDecay: 0.1)",
        UpdateOptions(maximizes: true)),
      torch(
        "Adam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
        "adam(learningRate: 0.01, weightDecay: 0.1)", UpdateOptions(weightDecay: .decoupled)),
      torch("AdamW([p], lr=0.01)", "adamW(learningRate: 0.01)"),
      torch(
        "AdamW([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
        "adamW(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)"),
      torch(
        "AdamW([p], lr=0.01, amsgrad=True, weight_decay=0.1)", "amsgrad(learningRate: 0.01, weightDecay: 0.1)",
        UpdateOptions(weightDecay: .decoupled)),
      torch("Adam([p], lr=0.01, amsgrad=True)", "amsgrad(learningRate: 0.01)"),
      torch(
        "Adam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, amsgrad=True)",
        "amsgrad(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)"),
      torch("NAdam([p])", "nadam"),
      torch(
        "NAdam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, momentum_decay=0.01, weight_decay=0.1)",
        "nadam(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, momentumDecay: 0.01, weightDecay: 0.1)"),
      torch(
        "NAdam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
        "nadam(learningRate: 0.01, weightDecay: 0.1)", UpdateOptions(weightDecay: .decoupled)),
      torch("RAdam([p])", "radam"),
      torch(
        "RAdam([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
        "radam(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)"),
      torch(
        "RAdam([p], lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)",
        "radam(learningRate: 0.01, weightDecay: 0.1)", UpdateOptions(weightDecay: .decoupled)),
      torch("Adamax([p])", "adamax"),
      torch(
        "Adamax([p], lr=0.01, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1)",
        "adamax(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, weightDecay: 0.1)"),
      torch("RMSprop([p])", "rmsProp"),
      torch(
        "RMSprop([p], lr=0.01, alpha=0.9, eps=1e-3, weight_decay=0.1)",
        "rmsProp(learningRate: 0.01, alpha: 0.9, epsilon: 1e-3, weightDecay: 0.1)"),
      torch("RMSprop([p], lr=0.01, momentum=0.9)", "rmsProp(learningRate: 0.01, momentum: 0.9)"),
      torch("RMSprop([p], lr=0.01, centered=True)", "centeredRMSProp(learningRate: 0.01)"),
      torch(
        "RMSprop([p], lr=0.01, centered=True, momentum=0.9, weight_decay=0.1)",
        "centeredRMSProp(learningRate: 0.01, momentum: 0.9, weightDecay: 0.1)"),
      torch(
        "RMSprop([p], lr=0.01, alpha=0.9, eps=1e-3, centered=True)",
        "centeredRMSProp(learningRate: 0.01, alpha: 0.9, epsilon: 1e-3)"),
      torch("Adagrad([p])", "adagrad"),
      torch(
        "Adagrad([p], lr=0.1, lr_decay=0.05, initial_accumulator_value=0.5, eps=1e-3, weight_decay=0.1)",
        "adagrad(learningRate: 0.1, learningRateDecay: 0.05, initialAccumulator: 0.5, epsilon: 1e-3, weightDecay: 0.1)"),
      torch("Adadelta([p])", "adadelta"),
      torch(
        "Adadelta([p], lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.1)",
        "adadelta(learningRate: 0.5, rho: 0.8, epsilon: 1e-3, weightDecay: 0.1)"),
      torch("Adafactor([p])", "adafactor"),
      torch(
        "Adafactor([p], lr=0.3, beta2_decay=-0.5, eps=(1e-2, 0.5), d=1.25, weight_decay=0.1)", adafactor),
      matrix("Adafactor([p.view(3, 7)])", "adafactor", columns: 7),
      matrix(
        "Adafactor([p.view(7, 3)], lr=0.3, beta2_decay=-0.5, eps=(1e-2, 0.5), d=1.25, weight_decay=0.1)", adafactor,
        columns: 3),
      torch("Rprop([p])", "rprop"),
      torch(
        "Rprop([p], lr=0.1, etas=(0.4, 1.5), step_sizes=(0.001, 0.2))",
        "rprop(learningRate: 0.1, etaMinus: 0.4, etaPlus: 1.5, minimumStep: 0.001, maximumStep: 0.2)"),
      torch("Rprop([p], maximize=True)", "rprop", UpdateOptions(maximizes: true)),
    ] + [
      Row(call: "optax.adabelief(0.01)", rule: "adaBelief(learningRate: 0.01)"),
      Row(
        call: "optax.adabelief(0.01, b1=0.8, b2=0.95, eps=1e-3, eps_root=1e-4)",
        rule: "adaBelief(learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-3, rootEpsilon: 1e-4)"),
      Row(call: "optax.yogi(0.01)", rule: "yogi"),
      Row(
        call: "optax.yogi(0.01, b1=0.8, b2=0.95, eps=0.01)", rule: "yogi(beta1: 0.8, beta2: 0.95, epsilon: 0.01)"),
      Row(call: "optax.lion(0.001)", rule: "lion(learningRate: 0.001)"),
      Row(
        call: "optax.lion(0.001, b1=0.8, b2=0.95, weight_decay=0.1)",
        rule: "lion(learningRate: 0.001, beta1: 0.8, beta2: 0.95, weightDecay: 0.1)"),
      Row(call: "optax.signum(0.001)", rule: "signum"),
      Row(call: "optax.signum(0.001, beta=0.7)", rule: "signum(beta: 0.7)"),
      decayed("optax.adabelief(0.01)", "adaBelief(learningRate: 0.01, weightDecay: 0.1)"),
      decayed("optax.yogi(0.01)", "yogi(weightDecay: 0.1)"),
      Row(
        call: "optax.chain(optax.scale_by_yogi(initial_accumulator_value=0.5), optax.scale(-0.01))",
        rule: "yogi(initialAccumulator: 0.5)"),
      decayed(
        "optax.lion(0.001, weight_decay=0)", "lion(learningRate: 0.001, weightDecay: 0.1)",
        UpdateOptions(weightDecay: .coupled)),
      decayed("optax.signum(0.001)", "signum(weightDecay: 0.1)"),
      Row(
        call: "optax.chain(optax.clip(0.5), optax.sgd(0.01, momentum=0.9))",
        rule: "sgd(learningRate: 0.01, momentum: 0.9)", options: UpdateOptions(clipping: .value(0.5))),
      Row(
        call: "optax.chain(optax.clip_by_global_norm(1.5), optax.adam(0.01))", rule: "adam(learningRate: 0.01)",
        options: UpdateOptions(clipping: .norm(1.5))),
    ]

  private static func run<S: LossScalar>(_ row: Row, _: S.Type) throws -> [Double] {
    var parameters = GoldenSteps.start.map { S($0) }
    let layout = try ParameterLayout([ParameterRange(name: "p", range: 0..<21, columns: row.columns)])
    var optimizer = try Optimizer<S>(UpdateRule(row.rule), layout: layout, options: row.options)
    for step in 0..<GoldenSteps.count {
      try optimizer.update(&parameters, gradient: GoldenSteps.gradient(step).map { S($0) })
    }
    return parameters.map(\._double)
  }

  @Test(arguments: rows) func parametersEndWhereTheyDoThere(_ row: Row) throws {
    let record = try #require(Self.file.records.first { $0.call == row.call }, "no record of \(row.call)")
    let (double, float) = (try Self.run(row, Double.self), try Self.run(row, Float.self))
    #expect(GoldenSteps.agree(double, record.double, within: 1e-12))
    #expect(GoldenSteps.agree(float, record.float, within: 1e-6))
    #expect(zip(record.double, GoldenSteps.start).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func everyRecordHasARow() {
    #expect(Set(Self.file.records.map(\.call)) == Set(Self.rows.map(\.call)))
  }

  /// Every rule of the catalogue is compared with another system.
  @Test func everyRuleIsCompared() throws {
    let compared = Set(try Self.rows.map { try UpdateRule($0.rule).name })
    #expect(compared == Set(UpdateRule.catalogue.map(\.name)))
  }
}
