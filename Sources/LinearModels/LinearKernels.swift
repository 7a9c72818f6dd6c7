import CLossKernels
import Losses

/// The linear kernels over one set of data.
struct LinearKernels {
  private var call: lk_linear_call

  /// Calls `body` with the kernels over the data, whose addresses are valid within it.
  static func withData<S: LossScalar, Result>(
    _ features: FeatureMatrix<S>, targets: [S]?, weights: [S]?, shift: [Double]?, threads: ThreadLimit,
    _ body: (LinearKernels) throws(LossError) -> Result
  ) throws(LossError) -> Result {
    var call = lk_linear_call()
    call.scalar = S._kind.code
    call.rows = Int64(features.rowCount)
    call.columns = Int64(features.columnCount)
    call.threads = try threads.kernelLimit()
    call.isa = lk_isa_best
    return try withAddresses(
      call, ScalarArray(features.elements), ScalarArray(targets), ScalarArray(weights), shift, body)
  }

  private static func withAddresses<Result>(
    _ call: lk_linear_call, _ features: ScalarArray, _ targets: ScalarArray, _ weights: ScalarArray, _ shift: [Double]?,
    _ body: (LinearKernels) throws(LossError) -> Result
  ) throws(LossError) -> Result {
    var call = call
    return try features.withAddress { (address) throws(LossError) in
      call.features = address
      return try targets.withAddress { (address) throws(LossError) in
        call.targets = address
        return try weights.withAddress { (address) throws(LossError) in
          call.weights = address
          return try withPointer(shift) { (pointer) throws(LossError) in
            call.shift = pointer
            return try body(LinearKernels(call: call))
          }
        }
      }
    }
  }

  /// The sum of the losses; `gradient`, columns + 1 elements, receives their derivatives, the intercept's last.
  ///
  /// Where `slopes` is not empty, it receives the derivatives by the parameters of the loss. With `rows`, which have been
  /// checked, those are all that there is.
  func evaluate(
    _ terms: _KernelTerms, coefficients: [Double], intercept: Double, rows: UnsafeBufferPointer<Int>?,
    instructionSet: lk_isa, gradient: inout [Double], slopes: inout [Double]
  ) throws(LossError) -> lk_result {
    try terms.validate()
    var call = call
    if let rows {
      call.rows = Int64(rows.count)
      call.order = rows.orderAddress
    }
    call.isa = instructionSet
    call.intercept = intercept
    var result = lk_result()
    let status = terms.withUnsafeTerms { pointer, count in
      call.terms = pointer
      call.term_count = count
      return coefficients.withUnsafeBufferPointer { coefficients in
        gradient.withUnsafeMutableBufferPointer { gradient in
          slopes.withUnsafeMutableBufferPointer { slopes in
            call.coefficients = coefficients.baseAddress
            call.gradient = gradient.baseAddress
            call.slopes = slopes.isEmpty ? nil : slopes.baseAddress
            return lk_linear(&call, &result)
          }
        }
      }
    }
    guard status == lk_ok else {
      throw LossError(status, result, terms, scalar: call.scalar, targets: call.targets, weights: call.weights)
    }
    return result
  }

  /// `(X − shift) w + intercept`. Rows of weight 0 are left as they are.
  func margins(coefficients: [Double], intercept: Double, into margins: inout [Double]) throws(LossError) {
    var call = call
    call.intercept = intercept
    let status = coefficients.withUnsafeBufferPointer { coefficients in
      margins.withUnsafeMutableBufferPointer { margins in
        call.targets = nil
        call.coefficients = coefficients.baseAddress
        call.margins = margins.baseAddress
        var result = lk_result()
        return lk_linear(&call, &result)
      }
    }
    guard status == lk_ok else { throw .outOfMemory }
  }

  /// `Σᵢ multiplierᵢ (xᵢ − shift)`, and the sum of the multipliers as the last element. Rows of weight 0 are left out.
  func transposed(_ multipliers: [Double], into sums: inout [Double]) throws(LossError) {
    var call = call
    let status = multipliers.withUnsafeBufferPointer { multipliers in
      sums.withUnsafeMutableBufferPointer { sums in
        call.targets = nil
        call.multipliers = multipliers.baseAddress
        call.gradient = sums.baseAddress
        var result = lk_result()
        return lk_linear(&call, &result)
      }
    }
    guard status == lk_ok else { throw .outOfMemory }
  }

  /// `Σᵢ multiplierᵢ (xᵢ − shift)(xᵢ − shift)ᵀ`: the lower triangle, row by row. Rows of weight 0 must have
  /// multiplier 0.
  func gram(_ multipliers: [Double], into gram: inout [Double]) throws(LossError) {
    var gramCall = lk_gram_call()
    gramCall.scalar = call.scalar
    gramCall.rows = call.rows
    gramCall.columns = call.columns
    gramCall.features = call.features
    gramCall.shift = call.shift
    gramCall.threads = call.threads
    gramCall.isa = call.isa
    let status = multipliers.withUnsafeBufferPointer { multipliers in
      gram.withUnsafeMutableBufferPointer { gram in
        gramCall.multipliers = multipliers.baseAddress
        gramCall.gram = gram.baseAddress
        var result = lk_result()
        return lk_gram(&gramCall, &result)
      }
    }
    guard status == lk_ok else { throw .outOfMemory }
  }
}

extension UnsafeBufferPointer<Int> {
  /// The numbers of rows as the kernels want them; `Int` has the layout of `Int64`.
  var orderAddress: UnsafePointer<Int64>? {
    baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: Int64.self) }
  }
}

/// Calls `body` with the address of an array, `nil` where there is none.
func withPointer<Element, Result>(
  _ array: [Element]?, _ body: (UnsafePointer<Element>?) throws(LossError) -> Result
) throws(LossError) -> Result {
  guard let array else { return try body(nil) }
  return try array.withUnsafeBufferPointer { (buffer) throws(LossError) in try body(buffer.baseAddress) }
}
