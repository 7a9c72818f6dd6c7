/// Every metric of every kind.
public enum MetricCatalogue {
  /// One metric of the catalogue, with what is known of it.
  public struct Item: Sendable {
    /// The name of its kind.
    public let family: String
    /// The metric's name.
    public let name: String
    /// Its parameters.
    public let parameters: [LossParameter]
    /// The value as a formula or in words.
    public let formula: String
    /// What metrics of this kind compare.
    public let inputs: String
    /// Whether the better of two models has the greater value.
    public let greaterIsBetter: Bool
    /// The metric with default parameters.
    public let defaultMetric: any Metric
  }

  /// Every metric, kind by kind.
  public static let items: [Item] =
    items(of: RegressionMetric.self) + items(of: BinaryMetric.self) + items(of: CategoricalMetric.self)

  private static func items<Family: Metric>(of family: Family.Type) -> [Item] {
    family.catalogue.map { entry in
      Item(
        family: family.familyName, name: entry.name, parameters: entry.parameters, formula: entry.formula,
        inputs: family.inputs, greaterIsBetter: entry.greaterIsBetter, defaultMetric: entry.defaultMetric)
    }
  }
}
