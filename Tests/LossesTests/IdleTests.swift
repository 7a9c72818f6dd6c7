import Foundation
import Losses
import Testing

/// Worker threads do not burn the processor between calls.
@Suite struct IdleTests {
  private func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// In a process of its own, where no other test works meanwhile.
  @Test func afterACallTheProcessSleeps() async throws {
    #if os(Linux)
      await #expect(processExitsWith: .success) {
        let samples = Samples<Float>.random(.residual, count: 200_000)
        var least = Double.infinity
        for _ in 0..<3 {
          _ = try evaluate(RegressionLoss.logCosh, samples, Options(threads: 4))
          let before = IdleTests().processorSeconds()
          usleep(200_000)
          least = min(least, IdleTests().processorSeconds() - before)
        }
        exit(least < 0.01 ? EXIT_SUCCESS : EXIT_FAILURE)
      }
    #endif
  }
}
