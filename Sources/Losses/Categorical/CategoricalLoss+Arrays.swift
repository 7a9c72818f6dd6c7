/// Arrays: `predictions` has n × K elements, row by row, and `classCount` is K. Everything else is as in the forms that write
/// into memory of the caller. Throws ``LossError`` for a `classCount` below 1, too.
extension CategoricalLoss {
  // MARK: Class indices

  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      try value(
        predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
        classWeighting: classWeighting, ignoredIndex: ignoredIndex, reduction: reduction, threads: threads)
    }
  }

  /// Weight × loss of each row, n elements.
  @inlinable
  public func values<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      try newArray(count: rows.rowCount) { (output) throws(LossError) in
        try values(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, ignoredIndex: ignoredIndex, threads: threads, values: &output)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each prediction, n × K elements.
  @inlinable
  public func gradient<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      try newMatrix(like: rows) { (output) throws(LossError) in
        try gradient(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, ignoredIndex: ignoredIndex, reduction: reduction, scale: scale,
          threads: threads,
          gradient: &output)
      }
    }
  }

  /// The reduced loss, and its derivative with respect to each prediction, n × K elements.
  @inlinable
  public func valueAndGradient<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      var value = 0.0
      let gradient = try newMatrix(like: rows) { (output) throws(LossError) in
        value = try valueAndGradient(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, ignoredIndex: ignoredIndex, reduction: reduction, scale: scale,
          threads: threads,
          gradient: &output)
      }
      return (value, gradient)
    }
  }

  /// The reduced loss, its first derivative with respect to each prediction and its second one, the diagonal of the
  /// Hessian, n × K elements each. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newMatrix(like: rows) { (first) throws(LossError) in
        curvature = try newMatrix(like: rows) { (second) throws(LossError) in
          value = try valueGradientAndCurvature(
            predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
            classWeighting: classWeighting, ignoredIndex: ignoredIndex, reduction: reduction, scale: scale,
            threads: threads,
            gradient: &first, curvature: &second)
        }
      }
      return (value, gradient, curvature)
    }
  }

  /// The product of the Hessian of the reduced loss with a direction, n × K elements each: for each row
  /// `w (Σ q′) (p ∘ v − p pᵀv)`, w being its share in the reduction. Only for ``crossEntropy(labelSmoothing:)``; the reduction
  /// must be `sum` or `mean`.
  @inlinable
  public func hessianVectorProduct<S: LossScalar, Label: ClassIndex>(
    predictions: [S], targets: [Label], direction: [S], classCount: Int, weights: [S]? = nil,
    classWeights: [S]? = nil, classWeighting: ClassWeighting = .samples, ignoredIndex: Int? = nil,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count, classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      try newProduct(like: rows, direction) { (direction, output) throws(LossError) in
        try hessianVectorProduct(
          predictions: rows, targets: targets, direction: direction, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, ignoredIndex: ignoredIndex, reduction: reduction, scale: scale,
          threads: threads, product: &output)
      }
    }
  }

  // MARK: Distributions, n × K elements

  /// The reduced loss.
  @inlinable
  public func value<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    reduction: Reduction = .mean, threads: ThreadLimit = .automatic
  ) throws(LossError) -> Double {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      return try value(
        predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
        classWeighting: classWeighting, reduction: reduction, threads: threads)
    }
  }

  /// Weight × loss of each row, n elements.
  @inlinable
  public func values<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      return try newArray(count: rows.rowCount) { (output) throws(LossError) in
        try values(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, threads: threads, values: &output)
      }
    }
  }

  /// The derivative of the reduced loss with respect to each prediction, n × K elements.
  @inlinable
  public func gradient<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      return try newMatrix(like: rows) { (output) throws(LossError) in
        try gradient(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, reduction: reduction, scale: scale, threads: threads,
          gradient: &output)
      }
    }
  }

  /// The reduced loss, and its derivative with respect to each prediction, n × K elements.
  @inlinable
  public func valueAndGradient<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S]) {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      var value = 0.0
      let gradient = try newMatrix(like: rows) { (output) throws(LossError) in
        value = try valueAndGradient(
          predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, reduction: reduction, scale: scale, threads: threads,
          gradient: &output)
      }
      return (value, gradient)
    }
  }

  /// The reduced loss, its first derivative with respect to each prediction and its second one, the diagonal of the
  /// Hessian, n × K elements each. The reduction must be `sum` or `mean`.
  @inlinable
  public func valueGradientAndCurvature<S: LossScalar>(
    predictions: [S], targets: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> (value: Double, gradient: [S], curvature: [S]) {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      var value = 0.0
      var curvature: [S] = []
      let gradient = try newMatrix(like: rows) { (first) throws(LossError) in
        curvature = try newMatrix(like: rows) { (second) throws(LossError) in
          value = try valueGradientAndCurvature(
            predictions: rows, targets: targets, weights: weights, classWeights: classWeights,
            classWeighting: classWeighting, reduction: reduction, scale: scale, threads: threads,
            gradient: &first, curvature: &second)
        }
      }
      return (value, gradient, curvature)
    }
  }

  /// The product of the Hessian of the reduced loss with a direction, n × K elements each: for each row
  /// `w (Σ q′) (p ∘ v − p pᵀv)`, w being its share in the reduction. Only for ``crossEntropy(labelSmoothing:)``; the reduction
  /// must be `sum` or `mean`.
  @inlinable
  public func hessianVectorProduct<S: LossScalar>(
    predictions: [S], targets: [S], direction: [S], classCount: Int, weights: [S]? = nil, classWeights: [S]? = nil,
    classWeighting: ClassWeighting = .samples,
    reduction: Reduction = .mean, scale: Double = 1, threads: ThreadLimit = .automatic
  ) throws(LossError) -> [S] {
    try withRows(
      predictions, targets, rowCount: targets.count / max(classCount, 1), classCount: classCount, weights, classWeights
    ) { (rows, targets, weights, classWeights) throws(LossError) in
      let targets = try MatrixView(targets, rowCount: rows.rowCount, columnCount: classCount)
      return try newProduct(like: rows, direction) { (direction, output) throws(LossError) in
        try hessianVectorProduct(
          predictions: rows, targets: targets, direction: direction, weights: weights, classWeights: classWeights,
          classWeighting: classWeighting, reduction: reduction, scale: scale, threads: threads, product: &output)
      }
    }
  }
}
