/// Does what is measured as many times as asked. The loop is inside, so that nothing else is timed.
typealias RepeatedCall = (_ calls: Int) throws -> Void

/// Measures several calls in turn, so that whatever slows the machine for a while slows all of them.
struct Sampler {
  /// How many samples of each call are taken.
  let samples: Int

  /// A sample repeats its call until it takes this long, in nanoseconds.
  private let shortestSample = 200_000.0

  init(samples: Int) {
    self.samples = samples
  }

  /// The times of each of the bodies. A sample has as many calls as it needs, or the given number.
  func time(_ bodies: [RepeatedCall], callsPerSample: Int? = nil) throws -> [Timing] {
    let calls = try bodies.map { try callsPerSample ?? callsNeeded($0) }
    var times = bodies.map { _ in [Double]() }
    for _ in 0..<samples {
      for (k, body) in bodies.enumerated() {
        // One call that is not timed brings caches and threads into the state that this body leaves them in.
        try body(1)
        times[k].append(try nanoseconds { try body(calls[k]) } / Double(calls[k]))
      }
    }
    return zip(times, calls).map { Timing($0, callsPerSample: $1) }
  }

  /// The times of a call, and of the loops beside it.
  func time(
    _ call: @escaping RepeatedCall, beside loops: [RooflineLoop],
    running run: @escaping (RooflineLoop, _ calls: Int) -> Void
  ) throws -> (call: Timing, loops: [Measurement.Loop]) {
    let bodies: [RepeatedCall] = loops.map { loop in { calls in run(loop, calls) } }
    let times = try time([call] + bodies)
    return (times[0], zip(loops, times.dropFirst()).map(Measurement.Loop.init))
  }

  /// Warms up; the shorter of two tries counts, so that an interruption does not make a short sample look long.
  private func callsNeeded(_ body: RepeatedCall) throws -> Int {
    try body(1)
    var calls = 1
    while try min(nanoseconds { try body(calls) }, nanoseconds { try body(calls) }) < shortestSample {
      calls *= 2
    }
    return calls
  }

  private func nanoseconds(_ body: () throws -> Void) rethrows -> Double {
    let elapsed = try ContinuousClock().measure(body)
    return elapsed / .nanoseconds(1)
  }
}
