/// A measure of how well predictions agree with targets: a value that can be compared, stored, sent between threads
/// and printed.
///
/// A metric judges a model, where a ``Loss`` trains one: it has no gradient, and it need not be a mean over samples.
/// How a metric is evaluated depends on what it compares; each kind is an enum of its own, so that a wrong kind of
/// input does not compile: ``RegressionMetric``, ``BinaryMetric`` and ``CategoricalMetric``.
///
/// Every metric has a text form such as `pinball(level: 0.9)`, which ``init(_:)`` reads and `description` prints, with
/// every parameter.
///
/// These rules hold for all of them:
///
/// - The value is a `Double` whatever the scalar; sums are in `Double` and of fixed order, on the calling thread.
/// - Weights are finite and not negative. A sample of weight 2 counts as given twice; one of weight 0 counts as
///   deleted, even if it is not a number.
/// - With no samples, or weights that sum to 0, the value is 0.
/// - A prediction that is NaN makes a sum NaN, and is an error where predictions have to be put in order.
public protocol Metric: Hashable, Codable, Sendable, CustomStringConvertible {
  /// What stands before a name that several kinds of metrics share: `binary` in `binary.accuracy`.
  static var familyName: String { get }

  /// What the metrics of this kind compare, in a few words.
  static var inputs: String { get }

  /// Every metric of this kind, in the order of its cases.
  static var catalogue: [MetricEntry<Self>] { get }

  /// The name in the catalogue.
  var name: String { get }

  /// The values of the parameters, in the order of the catalogue.
  var parameterValues: [Double] { get }
}

/// One row of the catalogue of a kind of metrics.
public struct MetricEntry<Family: Metric>: Sendable {
  /// The name in the text form.
  public let name: String

  /// The parameters in their order.
  public let parameters: [LossParameter]

  /// The value as a formula or in words.
  public let formula: String

  /// Whether the better of two models has the greater value.
  public let greaterIsBetter: Bool

  let make: @Sendable ([Double]) -> Family

  init(
    _ name: String, _ parameters: [LossParameter] = [], formula: String, greaterIsBetter: Bool,
    make: @escaping @Sendable ([Double]) -> Family
  ) {
    self.name = name
    self.parameters = parameters
    self.formula = formula
    self.greaterIsBetter = greaterIsBetter
    self.make = make
  }

  /// The metric with the default of every parameter.
  public var defaultMetric: Family { make(parameters.map(\.defaultValue)) }
}

extension Metric {
  /// The row of the catalogue that this metric is an instance of.
  public var entry: MetricEntry<Self> {
    // Every case has its row: a test goes through all of them.
    Self.catalogue.first { $0.name == name } ?? Self.catalogue[0]
  }

  /// Whether the better of two models has the greater value.
  public var greaterIsBetter: Bool { entry.greaterIsBetter }

  /// Throws ``LossError`` unless every parameter is in its domain.
  func validate() throws(LossError) {
    let values = parameterValues
    guard !values.isEmpty else { return }
    for (parameter, value) in zip(entry.parameters, values) where !parameter.domain.contains(value) {
      throw .invalidParameter(
        of: name, parameter: parameter.name, value: value, expected: parameter.domain.description)
    }
  }
}
