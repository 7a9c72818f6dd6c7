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

  /// The pointwise loss of a text form, with or without the family in front: `huber(delta: 2)`, `binary.focal`.
  public static func pointwiseLoss(_ text: String) throws(LossError) -> any PointwiseLoss {
    let name = try LossText(text).name
    for family in families {
      let named = family.familyName + "."
      if name.hasPrefix(named) || items(of: family).contains(where: { $0.name == name }) {
        return try family.init(text)
      }
    }
    throw .unknownName(name: String(name), suggestion: nearestName(to: String(name), among: items.map(\.name)))
  }

  /// The name and the parameters of a loss of the kernels.
  static func row(of terms: _KernelTerms) -> (String, [LossParameter])? {
    for item in items where item.defaultLoss._kernelTerms.term.loss == terms.term.loss {
      return (item.name, item.parameters)
    }
    return nil
  }
}
