/// FNV-1a with 64 bits (Fowler, Noll and Vo 1991): a number that tells data from other data, though not from data that were
/// made to have the same. One word that is changed, alone, is always noticed, since each step has an inverse.
@frozen
package struct FNV1a: Sendable {
  /// The hash of all words so far.
  @usableFromInline package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  @inlinable package init() {}

  /// Adds a word: a byte, as in the definition, or more.
  @inlinable
  package mutating func add(_ word: UInt64) { hash = (hash ^ word) &* 0x0000_0100_0000_01B3 }
}
