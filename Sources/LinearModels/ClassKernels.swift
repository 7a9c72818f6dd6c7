import CLossKernels
import Losses

/// The linear kernels of several classes over one matrix of features.
struct ClassKernels<S: LossScalar> {
  let features: FeatureMatrix<S>
  let classCount: Int
  let shift: [Double]?
  let threads: ThreadLimit

  init(_ features: FeatureMatrix<S>, classCount: Int, shift: [Double]?, threads: ThreadLimit) {
    self.features = features
    self.classCount = classCount
    self.shift = shift
    self.threads = threads
  }

  /// The sum of the losses; `gradient`, `classCount × (columns + 1)` elements, receives their derivatives, that of an
  /// intercept last in its row. With `rows`, which have been checked, those are all that there is.
  func evaluate(
    _ loss: CategoricalLoss, coefficients: [Double], intercepts: [Double], targets: [Int], weights: [S]?,
    rows: UnsafeBufferPointer<Int>?, classOptions: ClassOptions, instructionSet: lk_isa, gradient: inout [Double]
  ) throws(LossError) -> lk_result {
    var lossCall = lk_categorical_call(loss)
    lossCall.scalar = lk_scalar_double
    lossCall.classes = Int64(classCount)
    lossCall.target_kind = Int._kind.code
    lossCall.weighting = classOptions.weighting.code
    lossCall.has_ignored = classOptions.ignoredIndex == nil ? 0 : 1
    lossCall.ignored = Int64(classOptions.ignoredIndex ?? 0)
    return try gradient.withUnsafeMutableBufferPointer { (gradient) throws(LossError) in
      try targets.withUnsafeBufferPointer { (targets) throws(LossError) in
        try withPointer(weights) { (weights) throws(LossError) in
          try withPointer(classOptions.weights) { (classWeights) throws(LossError) in
            lossCall.targets = UnsafeRawPointer(targets.baseAddress)
            lossCall.class_weights = UnsafeRawPointer(classWeights)
            return try withCall(coefficients, intercepts) { (call) throws(LossError) in
              call.weights = UnsafeRawPointer(weights)
              call.gradient = gradient.baseAddress
              call.isa = instructionSet
              if let rows {
                call.rows = Int64(rows.count)
                call.order = rows.orderAddress
              }
              var result = lk_result()
              let status = withUnsafePointer(to: lossCall) { address in
                call.loss = address
                return lk_linear_classes(&call, &result)
              }
              guard status == lk_ok else {
                throw LossError(
                  status, result, lossCall, loss, weights: weights.map { (UnsafeRawPointer($0), S._kind.code) })
              }
              return result
            }
          }
        }
      }
    }
  }

  /// `(X − shift) Wᵀ + b`, row by row.
  func scores(coefficients: [Double], intercepts: [Double], into scores: inout [Double]) throws(LossError) {
    try scores.withUnsafeMutableBufferPointer { (scores) throws(LossError) in
      try withCall(coefficients, intercepts) { (call) throws(LossError) in
        call.scores = scores.baseAddress
        var result = lk_result()
        guard lk_linear_classes(&call, &result) == lk_ok else { throw .outOfMemory }
      }
    }
  }

  private func withCall<Result>(
    _ coefficients: [Double], _ intercepts: [Double],
    _ body: (inout lk_linear_classes_call) throws(LossError) -> Result
  ) throws(LossError) -> Result {
    var call = lk_linear_classes_call()
    call.scalar = S._kind.code
    call.rows = Int64(features.rowCount)
    call.columns = Int64(features.columnCount)
    call.classes = Int64(classCount)
    call.threads = try threads.kernelLimit()
    call.isa = lk_isa_best
    return try withPointer(features.elements) { (pointer) throws(LossError) in
      call.features = UnsafeRawPointer(pointer)
      return try withPointer(coefficients) { (pointer) throws(LossError) in
        call.coefficients = pointer
        return try withPointer(intercepts) { (pointer) throws(LossError) in
          call.intercepts = pointer
          return try withPointer(shift) { (pointer) throws(LossError) in
            call.shift = pointer
            return try body(&call)
          }
        }
      }
    }
  }
}
