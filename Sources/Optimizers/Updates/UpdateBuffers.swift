import CLossKernels
public import Losses

/// The memory of one step, as long as it is lent.
@usableFromInline
struct UpdateBuffers {
  var parameters: UnsafeMutableRawPointer?
  var gradient: UnsafeRawPointer?
  var scalar: lk_scalar
  /// The bytes of a number.
  var stride: Int
  var threads: Int32
  var isa = lk_isa_best

  /// Throws ``Losses/LossError`` for a limit below 1.
  @usableFromInline
  init(
    kind: _LossScalarKind, stride: Int, parameters: UnsafeMutableRawPointer?, gradient: UnsafeRawPointer?,
    _ threads: ThreadLimit
  ) throws(LossError) {
    self.parameters = parameters
    self.gradient = gradient
    self.stride = stride
    self.threads = try threads.kernelLimit()
    scalar = kind.code
  }

  init<Scalar: LossScalar>(
    _ parameters: UnsafeMutableBufferPointer<Scalar>, _ gradient: UnsafeBufferPointer<Scalar>, threads: Int32
  ) {
    self.parameters = UnsafeMutableRawPointer(parameters.baseAddress)
    self.gradient = UnsafeRawPointer(gradient.baseAddress)
    self.threads = threads
    stride = MemoryLayout<Scalar>.stride
    scalar = Scalar._kind.code
  }

  /// A call of a rule for a range; `states` has its vectors, `stateStride` numbers apart.
  func call(
    _ rule: lk_update, _ range: Range<Int>, states: UnsafeMutableRawPointer? = nil, stateCount: Int = 0,
    stateStride: Int = 0
  ) -> lk_update_call {
    let offset = range.lowerBound * stride
    func vector(_ index: Int) -> UnsafeMutableRawPointer? {
      index < stateCount ? states.map { $0 + index * stateStride * stride + offset } : nil
    }
    var call = lk_update_call()
    call.update = rule
    call.scalar = scalar
    call.count = Int64(range.count)
    call.parameters = parameters.map { $0 + offset }
    call.gradient = gradient.map { $0 + offset }
    call.states = (vector(0), vector(1), vector(2))
    call.scale = 1
    call.limit = .infinity
    call.keep = 1
    call.threads = threads
    call.isa = isa
    return call
  }

  /// Runs a call with a penalty, if it is separable. In its lists the numbers of these parameters begin at `start`.
  func run(_ call: inout lk_update_call, _ penalty: Penalty?, from start: Int) {
    var result = lk_result()
    guard let penalty, penalty.isSeparable else { return lk_update_run(&call, &result) }
    penalty.withKernelTerms { terms in
      withUnsafeTemporaryAllocation(of: lk_penalty_term.self, capacity: terms.count) { moved in
        for (index, term) in terms.enumerated() {
          var term = term
          term.means = term.means.map { $0 + start }
          term.scales = term.scales.map { $0 + start }
          moved.initializeElement(at: index, to: term)
        }
        call.penalties = UnsafePointer(moved.baseAddress)
        call.penalty_count = Int64(terms.count)
        lk_update_run(&call, &result)
      }
    }
  }

  /// Runs `adafactor` with what `call` says about parameters and gradient.
  func runAdafactor(
    _ rule: UpdateRule, _ call: lk_update_call, _ segment: UpdateSegment, rate: Double, step t: Int,
    states: UnsafeMutableRawPointer?
  ) {
    guard case .adafactor(_, let exponent, let epsilon, let leastScale, let threshold, _) = rule else { return }
    let count = segment.range.count
    let rows = segment.columns.map { count / $0 } ?? 1
    let start = states.map { $0 + segment.stateOffset * stride }
    var factored = lk_adafactor_call()
    factored.scalar = scalar
    factored.rows = Int64(rows)
    factored.columns = Int64(count / rows)
    factored.parameters = call.parameters
    factored.gradient = call.gradient
    factored.row_means = segment.columns == nil ? nil : start
    factored.squares = segment.columns == nil ? start : start.map { $0 + rows * stride }
    factored.share = Math.pow(Double(t), -exponent)
    factored.rate = min(rate, 1 / Double(t).squareRoot())
    factored.least = leastScale
    let isFloat = scalar == lk_scalar_float
    factored.epsilon =
      epsilon > 0
      // Its square must not vanish: nothing is divided by 0 then.
      ? max(epsilon, isFloat ? 0x1p-63 : 0x1p-511) : isFloat ? Double(Float.ulpOfOne) : Double.ulpOfOne
    factored.threshold = threshold
    factored.scale = call.scale
    factored.limit = call.limit
    factored.decay = call.decay
    factored.keep = call.keep
    factored.threads = threads
    factored.isa = isa
    var result = lk_result()
    lk_adafactor(&factored, &result)
  }

  /// Whether the gradient of a range has finite numbers only.
  func isFinite(_ range: Range<Int>) -> Bool {
    var result = lk_result()
    squareSum(range, scale: 1, skippingValue: true, &result)
    return result.weight == 0
  }

  /// The Euclidean norm of the gradient of a range; infinite or NaN only where a number is.
  func norm(_ range: Range<Int>) -> Double {
    var result = lk_result()
    squareSum(range, scale: 1, skippingValue: false, &result)
    if result.weight > 0 { return .nan }
    if result.value.isFinite, result.value > 0x1p-900 || scalar == lk_scalar_float { return result.value.squareRoot() }
    let power = result.value.isFinite ? 0x1p600 : 0x1p-600
    squareSum(range, scale: power, skippingValue: false, &result)
    return result.value.squareRoot() / power
  }

  private func squareSum(_ range: Range<Int>, scale: Double, skippingValue: Bool, _ result: inout lk_result) {
    var call = lk_square_sum_call()
    call.scalar = scalar
    call.count = Int64(range.count)
    call.vector = gradient.map { $0 + range.lowerBound * stride }
    call.scale = scale
    call.skip_value = skippingValue ? 1 : 0
    call.threads = threads
    call.isa = isa
    lk_square_sum(&call, &result)
  }
}
