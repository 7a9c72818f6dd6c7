import CLossKernels

/// Every family of losses, looked up by text.
public enum LossCatalogue {
  /// The families of pointwise losses, in the order in which a name is looked for.
  static let families: [any PointwiseFamily.Type] = [RegressionLoss.self, BinaryLoss.self, MarginLoss.self]

  /// The families of losses of rows. A name that a pointwise family has as well means that one, unless the family
  /// stands before it.
  static let rowFamilies: [any LossFamily.Type] = [
    CategoricalLoss.self, OrdinalLoss.self, DistributionLoss.self, DivergenceLoss.self,
  ]

  /// One loss of the catalogue, with what is known of it.
  public struct Item<Member: Sendable>: Sendable {
    /// The family's name.
    public let family: String
    /// The loss's name.
    public let name: String
    /// Its parameters.
    public let parameters: [LossParameter]
    /// The value as a function of the prediction and the target.
    public let formula: String
    /// What the family compares.
    public let inputs: String
    /// The loss with default parameters.
    public let defaultLoss: Member

    init<Family: LossFamily>(_ entry: LossEntry<Family>, _ defaultLoss: Member) {
      family = Family.familyName
      name = entry.name
      parameters = entry.parameters
      formula = entry.formula
      inputs = Family.inputs
      self.defaultLoss = defaultLoss
    }
  }

  /// Every pointwise loss.
  public static let items: [Item<any PointwiseLoss>] = families.flatMap { pointwiseItems(of: $0) }

  /// Every loss of rows.
  public static let rowItems: [Item<any Loss>] = rowFamilies.flatMap { rowItems(of: $0) }

  private static func pointwiseItems<Family: PointwiseFamily>(of family: Family.Type) -> [Item<any PointwiseLoss>] {
    family.catalogue.map { Item($0, $0.defaultLoss) }
  }

  private static func rowItems<Family: LossFamily>(of family: Family.Type) -> [Item<any Loss>] {
    family.catalogue.map { Item($0, $0.defaultLoss) }
  }

  /// The loss of a text form, of any family: `huber(delta: 2)`, `crossEntropy`, `categorical.focal(gamma: 3)`.
  public static func loss(_ text: String) throws(LossError) -> any Loss {
    let names = try SumText(text).terms.map(\.summand.name)
    for family in families where names.allSatisfy({ knows(family, $0) }) { return try family.init(text) }
    for family in rowFamilies where names.allSatisfy({ knows(family, $0) }) { return try family.init(text) }
    let known = items.map(\.name) + rowItems.map(\.name)
    for name in names where !(families.contains { knows($0, name) } || rowFamilies.contains { knows($0, name) }) {
      throw .unknownName(name: String(name), suggestion: nearestName(to: String(name), among: known))
    }
    throw .malformedText(text: text, problem: "the losses of a sum must be of one family")
  }

  /// The pointwise loss of a text form, with or without the family in front: `huber(delta: 2)`, `binary.focal`, or a
  /// sum of losses of one family.
  public static func pointwiseLoss(_ text: String) throws(LossError) -> any PointwiseLoss {
    let names = try SumText(text).terms.map(\.summand.name)
    for name in names where !families.contains(where: { knows($0, name) }) {
      throw .unknownName(name: String(name), suggestion: nearestName(to: String(name), among: items.map(\.name)))
    }
    for family in families where names.allSatisfy({ knows(family, $0) }) {
      return try family.init(text)
    }
    let known = families.map { $0.familyName }.joined(separator: ", ")
    throw .malformedText(text: text, problem: "the losses of a sum must be of one family: \(known)")
  }

  private static func knows<Family: LossFamily>(_ family: Family.Type, _ name: Substring) -> Bool {
    name.hasPrefix(family.familyName + ".") || family.catalogue.contains { $0.name == name }
  }

  /// The name and the parameters of a loss of the kernels.
  static func row(of loss: lk_loss) -> (String, [LossParameter])? {
    for item in items where item.defaultLoss._kernelTerms.first.loss == loss {
      return (item.name, item.parameters)
    }
    return nil
  }
}
