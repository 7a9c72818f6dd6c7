import LinearModels
import Losses
import Testing

/// Fits of real data against coefficients from the literature and from other systems.
@Suite struct PublishedFitTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var data: String
    var target: String
    var loss: RegressionLoss
    /// The intercept, then the coefficients.
    var published: [Double]
    /// The published precision: half a unit of the last digit printed, or the accuracy of another system.
    var tolerance: Double

    var testDescription: String { "\(data) \(loss)" }
  }

  static let cases = [
    // Brownlee (1965).
    Case(
      data: "stackloss.csv", target: "stackloss", loss: .squaredError,
      published: [-39.9197, 0.7156, 1.2953, -0.1521], tolerance: 5.1e-5),
    // Koenker's documentation of quantreg.
    Case(
      data: "stackloss.csv", target: "stackloss", loss: .absoluteError,
      published: [-39.6899, 0.8319, 0.5739, -0.0609], tolerance: 5.1e-5),
    Case(
      data: "stackloss.csv", target: "stackloss", loss: .quantile(level: 0.5),
      published: [-39.6899, 0.8319, 0.5739, -0.0609], tolerance: 5.1e-5),
    // Koenker and Bassett (1982). The median's intercept is printed as 81.48225 elsewhere, which was rounded again.
    Case(
      data: "engel.csv", target: "foodexp", loss: .squaredError, published: [147.4754, 0.4852], tolerance: 5.1e-5),
    Case(
      data: "engel.csv", target: "foodexp", loss: .quantile(level: 0.5), published: [81.4823, 0.5602],
      tolerance: 6e-5),
    // A linear program, solved by SciPy 1.17.1 (HiGHS).
    Case(
      data: "stackloss.csv", target: "stackloss", loss: .epsilonInsensitive(epsilon: 0.5),
      published: [-38.916184971098, 0.852601156069, 0.624277456647, -0.098265895954], tolerance: 1e-7),
    // scikit-learn 1.9.1, QuantileRegressor(alpha=0).
    Case(
      data: "diabetes.csv", target: "progression", loss: .quantile(level: 0.9),
      published: [
        -420.1132475389324, -0.301419225842, -24.544407478617, 5.484395665824, 1.508599058172, -2.489026518931,
        2.231464619579, 1.202304647349, 0.938249782502, 107.95454888605, 0.615374075613,
      ], tolerance: 1e-5),
    // scikit-learn 1.9.1, PoissonRegressor(alpha=0, tol=1e-12).
    Case(
      data: "doctor_visits.csv", target: "mdvis", loss: .poisson,
      published: [
        0.7003528786011315, -0.052535115354, -0.247086794132, 0.035290201696, -0.034577506718, 0.271713978822,
        0.033941474482, -0.012635034402, 0.054056329894, 0.20611511844,
      ], tolerance: 1e-8),
  ]

  @Test(arguments: cases) func coefficients(_ example: Case) throws {
    let data = try ExampleData(example.data, target: example.target)
    let fit = try LinearModel.fit(loss: example.loss, features: data.features, targets: data.targets)
    #expect(fit.converged)
    for (found, published) in zip([fit.model.intercept] + fit.model.coefficients, example.published) {
      #expect(abs(found - published) <= example.tolerance)
    }
    if !example.loss.isDifferentiable {
      let gap = try #require(fit.gap)
      #expect(gap >= 0 && gap <= 1e-8 * fit.value)
    } else {
      #expect(fit.gap == nil)
    }
  }

  /// scikit-learn 1.9.1: LogisticRegression(C=1/(λn), solver='newton-cholesky', tol=1e-13), whose objective this is. Its
  /// columns are badly scaled: standard deviations from 0.003 to 570.
  @Test(arguments: [false, true]) func logisticOfBreastCancer(standardize: Bool) throws {
    let data = try ExampleData("breast_cancer.csv", target: "benign")
    let fit = try LinearModel.fit(
      loss: BinaryLoss.logistic(), features: data.features, targets: data.targets,
      options: FitOptions(penalty: .l2(strength: 0.01), standardize: standardize))
    #expect(fit.converged)
    #expect(agree(fit.value, standardize ? 0.0995913754847055 : 0.10299730721264057, 1e-12))
    let expected =
      standardize
      ? [23.24834520986695, -0.1181652915131, -0.1058766028973, -0.01663851861848]
      : [34.16801377357991, 0.262730940057, 0.12548303322, -0.211072408205]
    for (found, expected) in zip([fit.model.intercept] + fit.model.coefficients, expected) {
      #expect(agree(found, expected, 1e-5))
    }
  }

  /// scikit-learn 1.9.1: Ridge(alpha=½λn, solver='cholesky').
  @Test func ridgeOfDiabetes() throws {
    let data = try ExampleData("diabetes.csv", target: "progression")
    let fit = try LinearModel.fit(
      loss: RegressionLoss.squaredError, features: data.features, targets: data.targets,
      options: FitOptions(penalty: .l2(strength: 2)))
    #expect(agree(fit.value, 3117.4572433886015, 1e-13))
    let expected = [
      -112.74713679712565, -0.049170243999, -3.801356729199, 5.949129417936, 1.054916409151, 1.213104340907,
      -1.335709711356, -2.076959941863, 0.556338945585, 1.981610117351, 0.359228334015,
    ]
    for (found, expected) in zip([fit.model.intercept] + fit.model.coefficients, expected) {
      #expect(agree(found, expected, 1e-6))
    }
  }
}
