import CLossKernels
import Foundation
import Losses
import Synchronization
import Testing

/// The library is a guest: it uses the processors that it is given, leaves them when done, and never waits for others.
@Suite(.serialized) struct GuestTests {
  /// How often each block ran.
  private final class Counts: Sendable {
    let counts: Mutex<[Int]>
    init(_ blocks: Int) { counts = Mutex(Array(repeating: 0, count: blocks)) }
  }

  private func run(_ blocks: Int, threads: Int32) -> (used: Int32, counts: [Int]) {
    let counts = Counts(blocks)
    let used = lk_for_blocks(
      Int64(blocks), threads,
      { context, block in
        let counts = Unmanaged<Counts>.fromOpaque(context!).takeUnretainedValue()
        counts.counts.withLock { $0[Int(block)] += 1 }
      }, Unmanaged.passUnretained(counts).toOpaque())
    return (used, counts.counts.withLock { $0 })
  }

  @Test func everyBlockRunsOnce() {
    for blocks in [0, 1, 2, 7, 256] {
      for threads in 1...8 {
        let (used, counts) = run(blocks, threads: Int32(threads))
        #expect(counts.allSatisfy { $0 == 1 })
        #expect(used >= 1 && Int(used) <= threads && Int(used) <= max(blocks, 1))
      }
    }
  }

  #if OpenMP
    @Test func aCallGetsItsThreads() {
      for threads in 2...8 { #expect(repeatedly { run(64, threads: Int32(threads)).used == threads }) }
    }
  #else
    @Test func withoutOpenMPThereIsOneThread() throws {
      #expect(run(64, threads: 8).used == 1)
      #expect(lk_available_threads() == 1)
      let samples = Samples<Float>.random(.residual, count: 1_000_000)
      #expect(try evaluate(RegressionLoss.logCosh, samples, Options(threads: .automatic)).threads == 1)
      #expect(try evaluate(RegressionLoss.logCosh, samples, Options(threads: 8)).threads == 1)
    }
  #endif

  @Test func aCallWithinACallGetsOneThread() {
    let inner = Counts(16)
    _ = lk_for_blocks(
      16, 4,
      { context, block in
        let used = lk_for_blocks(8, 4, { _, _ in }, nil)
        let inner = Unmanaged<Counts>.fromOpaque(context!).takeUnretainedValue()
        inner.counts.withLock { $0[Int(block)] = Int(used) }
      }, Unmanaged.passUnretained(inner).toOpaque())
    let used = inner.counts.withLock { $0 }
    // Where another test held the threads, the outer call was serial, and an inner one may have got some later.
    #expect(used.allSatisfy { (1...4).contains($0) })
    #expect(repeatedly { nestedCallsAreSerial() })
  }

  private func nestedCallsAreSerial() -> Bool {
    let inner = Counts(4)
    let outer = lk_for_blocks(
      4, 4,
      { context, block in
        let used = lk_for_blocks(8, 4, { _, _ in }, nil)
        let inner = Unmanaged<Counts>.fromOpaque(context!).takeUnretainedValue()
        inner.counts.withLock { $0[Int(block)] = Int(used) }
      }, Unmanaged.passUnretained(inner).toOpaque())
    let used = inner.counts.withLock { $0 }
    #if OpenMP
      return outer > 1 && used.allSatisfy { $0 == 1 }
    #else
      return outer == 1 && used.allSatisfy { $0 == 1 }
    #endif
  }

  @Test func concurrentCallsEndWithoutADeadlock() {
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 { #expect(run(16, threads: 4).counts.allSatisfy { $0 == 1 }) }
    }
  }

  @Test func thereIsAtLeastOneThread() {
    #expect(lk_available_threads() >= 1)
  }

  #if os(Linux)
    /// Swift does not see these GNU extensions.
    private typealias Affinity = @convention(c) (pid_t, Int, UnsafeMutableRawPointer) -> CInt

    /// Affinity belongs to a thread, so another one is bound, and asks.
    @Test func affinityBoundsTheThreads() throws {
      let getSymbol = try #require(dlsym(nil, "sched_getaffinity"))
      let setSymbol = try #require(dlsym(nil, "sched_setaffinity"))
      let get = unsafeBitCast(getSymbol, to: Affinity.self)
      let set = unsafeBitCast(setSymbol, to: Affinity.self)
      let answer = Mutex<(threads: Int32, isKept: Bool)>((0, false))
      let done = DispatchSemaphore(value: 0)
      Thread.detachNewThread {
        var old = [UInt8](repeating: 0, count: 128)
        _ = get(0, 128, &old)
        var one = [UInt8](repeating: 0, count: 128)
        let byte = old.firstIndex { $0 != 0 } ?? 0
        one[byte] = old[byte] & (~old[byte] &+ 1)
        if set(0, 128, &one) == 0 {
          let threads = lk_available_threads()
          var now = [UInt8](repeating: 0, count: 128)
          _ = get(0, 128, &now)
          answer.withLock { $0 = (threads, now == one) }
        }
        _ = set(0, 128, &old)
        done.signal()
      }
      done.wait()
      #expect(answer.withLock { $0.threads } == 1)
      #expect(answer.withLock { $0.isKept }, "the library has changed the affinity of its caller")
    }
  #endif
}
