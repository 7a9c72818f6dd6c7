import CLossKernels

/// Every family of pointwise losses, looked up by text.
public enum LossCatalogue {
  /// The families, in the order in which a name is looked for.
  static let families: [any (LossFamily & PointwiseLoss).Type] = [
    RegressionLoss.self, BinaryLoss.self, MarginLoss.self,
  ]

  /// One loss of the catalogue, with what is known of it.
  public struct Item: Sendable {
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
    public let defaultLoss: any PointwiseLoss
  }

  /// Every pointwise loss.
  public static let items: [Item] = families.flatMap { items(of: $0) }

  private static func items<Family: LossFamily & PointwiseLoss>(of family: Family.Type) -> [Item] {
    family.catalogue.map { entry in
      Item(
        family: family.familyName, name: entry.name, parameters: entry.parameters, formula: entry.formula,
        inputs: family.inputs, defaultLoss: entry.defaultLoss)
    }
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

  private static func knows(_ family: any (LossFamily & PointwiseLoss).Type, _ name: Substring) -> Bool {
    name.hasPrefix(family.familyName + ".") || items(of: family).contains { $0.name == name }
  }

  /// The name and the parameters of a loss of the kernels.
  static func row(of loss: lk_loss) -> (String, [LossParameter])? {
    for item in items where item.defaultLoss._kernelTerms.first.loss == loss {
      return (item.name, item.parameters)
    }
    return nil
  }
}
