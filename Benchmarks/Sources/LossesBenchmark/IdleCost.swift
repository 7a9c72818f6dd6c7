import Foundation
import Losses

/// What the threads of a parallel call cost after it: processor time that the process burns while it sleeps.
struct IdleCost: Encodable {
  /// How long it sleeps, in milliseconds.
  let sleep: Int

  /// The processor time of all threads in that time, in milliseconds.
  let minimum: Double
  let median: Double
  let maximum: Double

  /// Sleeps some times, each time right after one call that uses all threads.
  init(sleep: Int = 200, repetitions: Int = 5) throws {
    let data = PointwiseData<RegressionLoss, Float>(.squaredError, count: 1 << 20)
    let costs = try (0..<repetitions).map { _ in
      try data.evaluate(threads: .automatic, calls: 1)
      let start = Self.processorTime()
      Thread.sleep(forTimeInterval: Double(sleep) / 1000)
      return Self.processorTime() - start
    }.sorted()
    self.sleep = sleep
    minimum = costs[0]
    median = costs[costs.count / 2]
    maximum = costs[costs.count - 1]
  }

  /// The processor time of all threads so far, user and system, in milliseconds.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }
}

extension IdleCost: CustomStringConvertible {
  var description: String {
    let numbers = [median, minimum, maximum].map { String(format: "%.2f", $0) }
    return "\(numbers[0]) ms of processor time in \(sleep) ms of sleep after a parallel call"
      + " (median; \(numbers[1]) to \(numbers[2]))"
  }
}
