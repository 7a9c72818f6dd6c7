/// Value and gradient of a loss over one size of arrays, for each number of threads.
struct PointwiseBenchmark<S: BenchmarkScalar> {
  let sampler: Sampler
  let threads: [ThreadCount]

  init(sampler: Sampler, threads: [ThreadCount]) {
    self.sampler = sampler
    self.threads = threads
  }

  /// Checks, then measures; `report` gets each row as soon as it is there.
  func run<L: BenchmarkLoss>(_ loss: L, count: Int, report: (Measurement) -> Void) throws {
    let data = PointwiseData<L, S>(loss, count: count)
    for threads in threads {
      try data.checkLibrary(threads: threads.limit)
      let loops = RooflineLoop.loops([.plain, .streaming], team: threads.team)
      for loop in loops { try data.check(loop) }
      let times = try sampler.time(
        { calls in try data.evaluate(threads: threads.limit, calls: calls) }, beside: loops,
        running: { loop, calls in data.run(loop, calls: calls) })
      report(
        Measurement(
          benchmark: loss.name, scalar: S.name, size: "\(count)", elements: count,
          bytes: 3 * count * MemoryLayout<S>.stride, threads: threads.requested, call: times.call, loops: times.loops))
    }
  }
}
