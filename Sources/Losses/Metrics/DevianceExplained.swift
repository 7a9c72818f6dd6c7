extension Deviance {
  /// The mean deviance `D`.
  func mean(of samples: _MetricSamples) throws(LossError) -> Double {
    try samples.mean { (index, prediction, target) throws(LossError) in
      try check(index: index, target: target, prediction: prediction)
      return unit(target: target, prediction: prediction)
    }
  }

  /// `1 − D/D₀`, where `D₀` is the deviance of the best constant prediction.
  ///
  /// Where `D₀ = 0`, because the targets are constant, it is 1 if `D = 0` as well, else 0: a finite value, as in
  /// scikit-learn, so that a mean over folds has a meaning.
  func explained(of samples: _MetricSamples) throws(LossError) -> Double {
    let deviance = try mean(of: samples)
    guard !deviance.isNaN, let constant = try bestConstant(of: samples) else { return deviance.isNaN ? .nan : 0 }
    let nullDeviance = try samples.mean { (_, _, target) throws(LossError) in
      unit(target: target, prediction: constant)
    }
    if nullDeviance == 0 { return deviance == 0 ? 1 : 0 }
    return 1 - deviance / nullDeviance
  }

  /// The constant prediction with the least deviance: the mean of the targets, for the Laplace distributions a
  /// quantile; `nil` where no sample counts.
  private func bestConstant(of samples: _MetricSamples) throws(LossError) -> Double? {
    var first: Double?
    var isConstant = true
    var total = CompensatedSum()
    try samples.forEach { (_, _, target, weight) throws(LossError) in
      isConstant = isConstant && target == first ?? target
      first = first ?? target
      total.add(weight)
    }
    // A mean of equal numbers can differ from them by a rounding.
    guard !isConstant, let first else { return first }
    switch self {
    case .laplace: return try targetQuantile(of: samples, level: 0.5)
    case .asymmetricLaplace(let level): return try targetQuantile(of: samples, level: level)
    case .gaussian, .poisson, .gamma, .tweedie, .bernoulli:
      // Differences from the first target keep what a large common offset would take.
      return first + (try samples.mean { (_, _, target) throws(LossError) in target - first })
    }
  }

  private func targetQuantile(of samples: _MetricSamples, level: Double) throws(LossError) -> Double {
    var targets: [WeightedValue] = []
    targets.reserveCapacity(samples.count)
    try samples.forEach { (_, _, target, weight) throws(LossError) in
      targets.append(WeightedValue(value: target, weight: weight))
    }
    return weightedQuantile(targets, level: level).lower
  }
}
