/// Pseudorandom numbers that follow from a seed alone, so that every run gives the same network (SplitMix64, Steele,
/// Lea and Flood 2014).
struct Generator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number from −bound to bound.
  mutating func uniform(within bound: Double) -> Double { bound * (Double(next() >> 11) * 0x1p-52 - 1) }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    let first = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    let second = (first ^ (first >> 27)) &* 0x94D0_49BB_1331_11EB
    return second ^ (second >> 31)
  }
}
