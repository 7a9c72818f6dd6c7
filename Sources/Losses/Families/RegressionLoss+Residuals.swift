import CLossKernels

/// Beside what rounding of the gradient adds to it.
private let slack = 1 + 1e-12

extension RegressionLoss {
  /// Further losses of the residual.
  static let residualEntries: [LossEntry<Self>] = [
    LossEntry(
      "power", lk_loss_power, ["p": 1.5], formula: "|r|^p",
      properties: { p in
        LossProperties(
          isDifferentiable: p[0] > 1, lipschitzConstant: p[0] == 1 ? 1 : nil, curvatureBound: p[0] == 2 ? 2 : nil,
          noiseModel: .generalizedNormal(power: p[0]))
      },
      make: { .power(p: $0[0]) }),
    LossEntry(
      "squaredEpsilonInsensitive", lk_loss_squared_epsilon_insensitive, ["epsilon": 0.1], formula: "max(0, |r| − ε)²",
      properties: { p in
        LossProperties(curvatureBound: 2, noiseModel: .squaredEpsilonInsensitive(epsilon: p[0]))
      },
      make: { .squaredEpsilonInsensitive(epsilon: $0[0]) }),
    LossEntry(
      "logisticDistance", lk_loss_logistic_distance, formula: "−ln(4eʳ/(1 + eʳ)²)",
      properties: { _ in
        LossProperties(lipschitzConstant: 1, curvatureBound: 0.5, noiseModel: .logistic)
      },
      make: { _ in .logisticDistance }),
    LossEntry(
      "cauchy", lk_loss_cauchy, ["scale": 1], formula: "(c²/2) ln(1 + (r/c)²)",
      properties: { p in
        // exp(−loss) is (1 + (r/c)²)^(−c²/2): Student's t of c² − 1 degrees of freedom, where there are any.
        let degrees = p[0] * p[0] - 1
        return robust(
          p[0] / 2,
          noiseModel: degrees > 0 ? .studentT(degreesOfFreedom: degrees, scale: p[0] / degrees.squareRoot()) : nil)
      },
      make: { .cauchy(scale: $0[0]) }),
    LossEntry(
      "gemanMcClure", lk_loss_geman_mcclure, ["scale": 1], formula: "½r²/(1 + (r/c)²)",
      // Steepest at (r/c)² = ⅓.
      properties: { robust($0[0] * 3 * 3.0.squareRoot() / 16) },
      make: { .gemanMcClure(scale: $0[0]) }),
    LossEntry(
      "welsch", lk_loss_welsch, ["scale": 1], formula: "(c²/2)(1 − exp(−(r/c)²))",
      // Steepest at (r/c)² = ½.
      properties: { robust($0[0] * 0.5.squareRoot() * Math.exp(-0.5)) },
      make: { .welsch(scale: $0[0]) }),
    LossEntry(
      "tukey", lk_loss_tukey, ["scale": 4.685], formula: "(c²/6)(1 − (1 − (r/c)²)³) where |r| < c, c²/6 beyond",
      // Steepest at (r/c)² = ⅕.
      properties: { robust($0[0] * 16 / 25 * 0.2.squareRoot()) },
      make: { .tukey(scale: $0[0]) }),
    LossEntry(
      "fair", lk_loss_fair, ["scale": 1], formula: "c²(|r|/c − ln(1 + |r|/c))",
      properties: { p in
        LossProperties(lipschitzConstant: p[0], curvatureBound: 1, noiseModel: .fair(scale: p[0]))
      },
      make: { .fair(scale: $0[0]) }),
    LossEntry(
      "arctan", lk_loss_arctan, ["scale": 1], formula: "(c²/2) arctan((r/c)²)",
      // Steepest at (r/c)⁴ = ⅓.
      properties: { robust($0[0] * 0.75 / 3.0.squareRoot().squareRoot()) },
      make: { .arctan(scale: $0[0]) }),
    LossEntry(
      "studentT", lk_loss_student_t, ["degreesOfFreedom": 4, "scale": 1], formula: "½(ν + 1) ln(1 + r²/(νs²))",
      properties: { p in
        let weight = (p[0] + 1) / (p[0] * p[1] * p[1])
        return LossProperties(
          isConvex: false, lipschitzConstant: (p[0] + 1) / (2 * p[1] * p[0].squareRoot()) * slack,
          curvatureBound: weight * slack, noiseModel: .studentT(degreesOfFreedom: p[0], scale: p[1]))
      },
      make: { .studentT(degreesOfFreedom: $0[0], scale: $0[1]) }),
  ]

  /// A loss that is not convex, and bends most at 0, where it is ½r².
  private static func robust(_ lipschitz: Double, noiseModel: NoiseModel? = nil) -> LossProperties {
    LossProperties(
      isConvex: false, lipschitzConstant: lipschitz * slack, curvatureBound: slack, noiseModel: noiseModel)
  }
}
