/// What a call costs that has next to nothing to do.
struct LatencyBenchmark {
  let sampler: Sampler
  let count = 16

  init(sampler: Sampler) {
    self.sampler = sampler
  }

  /// Value and gradient of a few samples into memory of the caller, with the library's own choice of threads.
  func run<L: BenchmarkLoss>(_ loss: L) throws -> Measurement {
    let data = PointwiseData<L, Float>(loss, count: count)
    try data.checkLibrary(threads: .automatic)
    let times = try sampler.time(
      [{ calls in try data.evaluate(threads: .automatic, calls: calls) }], callsPerSample: 10_000)
    return Measurement(
      benchmark: "latency \(loss.name)", scalar: Float.name, size: "\(count)", elements: count,
      bytes: 3 * count * MemoryLayout<Float>.stride, threads: 0, call: times[0])
  }
}
