import CLossKernels

/// An enum of losses that compare the same kinds of things. Every case has a text form such as `huber(delta: 1.35)`,
/// which ``init(_:)`` reads and `description` prints, with every parameter.
public protocol LossFamily: Loss {
  /// What stands before a name that several families share: `binary` in `binary.focal(gamma: 2)`.
  static var familyName: String { get }

  /// What the loss compares, in a few words.
  static var inputs: String { get }

  /// Every loss of the family, in the order of its cases.
  static var catalogue: [LossEntry<Self>] { get }

  /// The row of the catalogue that this loss is an instance of; `nil` for a combination.
  var entry: LossEntry<Self>? { get }

  /// Reads the text form.
  init(_ text: String) throws(LossError)
}

/// A family of pointwise losses: its members add and scale.
public typealias PointwiseFamily = LossFamily & PointwiseLoss & Combinable

/// One row of a family's catalogue.
public struct LossEntry<Family: LossFamily>: Sendable {
  /// The name of the case.
  public let name: String

  /// The parameters in their order.
  public let parameters: [LossParameter]

  /// The value as a function of the prediction and the target.
  public let formula: String

  /// Which loss of the kernels this is, in the list of the family.
  let id: UInt32
  let properties: @Sendable ([Double]) -> LossProperties
  let make: @Sendable ([Double]) -> Family

  init(
    _ name: String, _ id: lk_loss, _ parameters: KeyValuePairs<String, Double> = [:], formula: String,
    properties: @escaping @Sendable ([Double]) -> LossProperties, make: @escaping @Sendable ([Double]) -> Family
  ) {
    let domains = withUnsafeBytes(of: lk_info(id).parameter_domains) { Array($0.bindMemory(to: lk_domain.self)) }
    self.init(name, id: id.rawValue, parameters, domains, formula: formula, properties: properties, make: make)
  }

  init(
    _ name: String, id: UInt32, _ parameters: KeyValuePairs<String, Double>, _ domains: [lk_domain], formula: String,
    properties: @escaping @Sendable ([Double]) -> LossProperties, make: @escaping @Sendable ([Double]) -> Family
  ) {
    self.name = name
    self.id = id
    self.parameters = zip(parameters, domains).map { parameter, domain in
      LossParameter(name: parameter.key, defaultValue: parameter.value, domain: ParameterDomain(domain))
    }
    self.formula = formula
    self.properties = properties
    self.make = make
  }

  /// A row of a family that looks its losses up by name and knows their properties itself.
  init(
    _ name: String, _ parameters: KeyValuePairs<String, (Double, ParameterDomain)> = [:], formula: String,
    make: @escaping @Sendable ([Double]) -> Family
  ) {
    self.name = name
    id = 0
    self.parameters = parameters.map { LossParameter(name: $0.key, defaultValue: $0.value.0, domain: $0.value.1) }
    self.formula = formula
    properties = { values in
      let loss = make(values)
      return LossProperties(
        isConvex: loss.isConvex, isDifferentiable: loss.isDifferentiable, lipschitzConstant: loss.lipschitzConstant,
        curvatureBound: loss.curvatureBound)
    }
    self.make = make
  }

  /// The loss with the default of every parameter.
  public var defaultLoss: Family { make(parameters.map(\.defaultValue)) }
}

/// A parameter of a loss, a metric or a penalty.
public struct LossParameter: Hashable, Sendable {
  /// The label.
  public let name: String

  /// The value where none is given.
  public let defaultValue: Double

  /// What the value may be.
  public let domain: ParameterDomain

  package init(name: String, defaultValue: Double, domain: ParameterDomain) {
    self.name = name
    self.defaultValue = defaultValue
    self.domain = domain
  }
}

/// The values that a parameter may have; finite ones, if nothing else is said.
@nonexhaustive
public enum ParameterDomain: String, Hashable, Sendable, CustomStringConvertible {
  /// Every finite number.
  case finite = "a finite number"
  /// `> 0`.
  case positive = "a finite number greater than 0"
  /// `≥ 0`.
  case nonnegative = "a finite number not below 0"
  /// `> 1`.
  case aboveOne = "a finite number greater than 1"
  /// `> 2`.
  case aboveTwo = "a finite number greater than 2"
  /// `(0, 1)`.
  case openUnitInterval = "a number strictly between 0 and 1"
  /// `[0, 1)`.
  case halfOpenUnitInterval = "a number from 0 up to 1, but not 1"
  /// `[0, 1]`.
  case closedUnitInterval = "a number from 0 to 1"
  /// `≥ 1`.
  case atLeastOne = "a finite number not below 1"
  /// A whole number that memory can be allocated for.
  case count = "a whole number from 1 to 1000000"
  /// `≥ −1`.
  case atLeastMinusOne = "a finite number not below -1"
  /// `≤ 0` or `≥ 1`.
  case outsideUnitInterval = "a finite number not between 0 and 1"

  /// 1 or 2.
  case oneOrTwo = "1 or 2"

  /// Every number below ∞, −∞ too.
  case belowInfinity = "a number below infinity, or -inf"

  /// The domain in words.
  public var description: String { rawValue }

  init(_ domain: lk_domain) {
    switch domain {
    case lk_domain_positive: self = .positive
    case lk_domain_nonnegative: self = .nonnegative
    case lk_domain_open_unit: self = .openUnitInterval
    case lk_domain_closed_unit: self = .closedUnitInterval
    case lk_domain_below_infinity: self = .belowInfinity
    case lk_domain_at_least_one: self = .atLeastOne
    case lk_domain_at_least_minus_one: self = .atLeastMinusOne
    case lk_domain_outside_unit: self = .outsideUnitInterval
    case lk_domain_one_or_two: self = .oneOrTwo
    default: self = .finite
    }
  }

  /// Whether the domain has the value.
  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return self == .belowInfinity && value < 0 }
    switch self {
    case .belowInfinity: return true
    case .finite: return true
    case .positive: return value > 0
    case .nonnegative: return value >= 0
    case .aboveOne: return value > 1
    case .aboveTwo: return value > 2
    case .openUnitInterval: return value > 0 && value < 1
    case .halfOpenUnitInterval: return value >= 0 && value < 1
    case .closedUnitInterval: return value >= 0 && value <= 1
    case .atLeastOne: return value >= 1
    case .atLeastMinusOne: return value >= -1
    case .outsideUnitInterval: return value <= 0 || value >= 1
    case .oneOrTwo: return value == 1 || value == 2
    case .count: return value >= 1 && value <= 1_000_000 && value == value.rounded()
    }
  }
}

/// What a loss of certain parameters guarantees.
struct LossProperties {
  var isConvex = true
  var isDifferentiable = true
  var lipschitzConstant: Double?
  var curvatureBound: Double?
  var link = Link.identity
  var noiseModel: NoiseModel?
}

extension LossFamily where Self: PointwiseLoss & Combinable {
  /// The row of the catalogue that this loss is an instance of; `nil` for a combination.
  public var entry: LossEntry<Self>? {
    guard combination == nil else { return nil }
    let id = _kernelTerms.first.loss.rawValue
    return Self.catalogue.first { $0.id == id }
  }

  var properties: LossProperties {
    guard let entry else { return LossProperties(ofSum: terms) }
    return entry.properties(_kernelTerms.first.parameterValues)
  }

  /// Whether the loss is a convex function of the prediction, for every target that it allows.
  public var isConvex: Bool { properties.isConvex }

  /// Whether the loss has a continuous derivative with respect to the prediction.
  public var isDifferentiable: Bool { properties.isDifferentiable }

  /// A bound of the absolute value of the gradient, for every prediction and every target that the loss allows.
  public var lipschitzConstant: Double? { properties.lipschitzConstant }

  /// A bound of the absolute value of the curvature; `nil` where there is none and where the gradient jumps.
  public var curvatureBound: Double? { properties.curvatureBound }
}

extension LossProperties {
  /// What the parts guarantee for a sum. A term of coefficient 0 is not part of it.
  init<Family: PointwiseFamily>(ofSum terms: [Combination<Family>.Term]) {
    let parts = terms.filter { $0.coefficient != 0 }.map { ($0.coefficient, $0.summand.properties) }
    func bound(_ property: (LossProperties) -> Double?) -> Double? {
      var total = 0.0
      for (coefficient, part) in parts {
        guard let bound = property(part) else { return nil }
        total += abs(coefficient) * bound
      }
      return total
    }
    isConvex = parts.allSatisfy { coefficient, part in coefficient > 0 && part.isConvex }
    isDifferentiable = parts.allSatisfy { $1.isDifferentiable }
    lipschitzConstant = bound(\.lipschitzConstant)
    curvatureBound = bound(\.curvatureBound)
    // Parts that disagree about the link leave a score.
    let links = Set(terms.map { $0.summand.properties.link })
    link = links.count == 1 ? links.first ?? .identity : .identity
    noiseModel = parts.count == 1 ? parts[0].1.noiseModel?.tempered(by: parts[0].0) : nil
  }
}
