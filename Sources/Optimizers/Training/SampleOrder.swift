/// In which order training looks at the samples, and which are held back.
///
/// All of it follows from the seed and the number of the epoch, by whole numbers alone: it is the same on every platform and
/// for any number of threads, and that of an epoch needs no other epoch.
enum SampleOrder {
  /// The samples to train with and those that are held back, both in ascending order.
  static func split(_ count: Int, validationCount: Int, seed: UInt64) -> (training: [Int], validation: [Int]) {
    var order = Array(0..<count)
    guard validationCount > 0 else { return (order, []) }
    // The epochs, counted from 0, have the streams from 1.
    shuffle(&order, seed: seed, stream: 0)
    return (order[validationCount...].sorted(), order[..<validationCount].sorted())
  }

  /// The samples of an epoch, counted from 0, one permutation of all those in `samples`, written to `order`, which has as
  /// many elements.
  static func write(_ samples: [Int], ofEpoch epoch: Int, seed: UInt64, to order: inout [Int]) {
    for index in samples.indices { order[index] = samples[index] }
    shuffle(&order, seed: seed, stream: UInt64(epoch) + 1)
  }

  /// Every permutation is as likely as any other (Fisher and Yates 1938, in the form of Durstenfeld 1964).
  private static func shuffle(_ order: inout [Int], seed: UInt64, stream: UInt64) {
    var generator = SampleGenerator(seed: seed, stream: stream)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(generator.next(below: UInt64(last) + 1)))
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014). That of the standard library is different in each run.
struct SampleGenerator {
  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private var state: UInt64

  /// A sequence of its own for each stream: the function that mixes has an inverse, so no two streams of a seed begin alike.
  init(seed: UInt64, stream: UInt64) {
    state = Self.mixed(Self.mixed(seed &+ Self.increment) &+ stream &* Self.increment)
  }

  private mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mixed(state)
  }

  /// A number from 0 to `bound − 1`, each as likely as any other (Lemire 2019).
  mutating func next(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
