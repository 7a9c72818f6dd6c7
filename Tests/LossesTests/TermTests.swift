import CLossKernels
import TestSupport
import Testing

/// The kernels take a sum of losses.
@Suite struct TermTests {
  @Test(arguments: [lk_isa_baseline, lk_isa_best]) func sumOfTermsIsTheSumOfItsParts(isa: lk_isa) {
    let n = 1000
    var random = SplitMix64(seed: 2)
    let predictions = (0..<n).map { _ in Double.random(in: -3...3, using: &random) }
    let targets = (0..<n).map { _ in Double.random(in: -3...3, using: &random) }
    func evaluate(_ terms: [lk_term]) -> (value: Double, gradient: [Double], curvature: [Double]) {
      var gradient = [Double](repeating: .nan, count: n)
      var curvature = gradient
      var result = lk_result()
      let status = terms.withUnsafeBufferPointer { terms in
        predictions.withUnsafeBufferPointer { predictions in
          targets.withUnsafeBufferPointer { targets in
            gradient.withUnsafeMutableBufferPointer { gradient in
              curvature.withUnsafeMutableBufferPointer { curvature in
                var call = lk_call()
                call.terms = terms.baseAddress
                call.term_count = Int64(terms.count)
                call.scalar = lk_scalar_double
                call.count = Int64(n)
                call.predictions = UnsafeRawPointer(predictions.baseAddress)
                call.targets = UnsafeRawPointer(targets.baseAddress)
                call.gradient = UnsafeMutableRawPointer(gradient.baseAddress)
                call.curvature = UnsafeMutableRawPointer(curvature.baseAddress)
                call.scale = 1
                call.isa = isa
                return lk_pointwise(&call, &result)
              }
            }
          }
        }
      }
      #expect(status == lk_ok)
      return (result.value, gradient, curvature)
    }
    let first = lk_term(
      loss: lk_loss_squared_error, coefficient: 0.75, parameters: (0, 0, 0, 0), formula: nil)
    let second = lk_term(loss: lk_loss_huber, coefficient: -2, parameters: (0.5, 0, 0, 0), formula: nil)
    let sum = evaluate([first, second])
    let (a, b) = (evaluate([first]), evaluate([second]))
    #expect(abs(sum.value - (a.value + b.value)) <= 1e-12 * (abs(a.value) + abs(b.value)))
    for i in 0..<n {
      #expect(sum.gradient[i] == a.gradient[i] + b.gradient[i])
      #expect(sum.curvature[i] == a.curvature[i] + b.curvature[i])
    }
  }
}
