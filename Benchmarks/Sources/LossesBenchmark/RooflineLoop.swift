import CRoofline

/// One of the loops that say what memory allows.
struct RooflineLoop: Encodable {
  /// What the loop does: `plain` and `streaming` read two arrays and write one, `read` reads one, `update` reads three or four
  /// and writes all but one of them.
  enum Kind: String, Encodable {
    case plain, streaming, read, update
  }

  let kind: Kind
  let threads: Int

  /// Every loop of the kinds that up to `team` threads may run. A short loop is faster on one thread.
  static func loops(_ kinds: [Kind], team: Int) -> [RooflineLoop] {
    (team > 1 ? [1, team] : [1]).flatMap { threads in kinds.map { RooflineLoop(kind: $0, threads: threads) } }
  }

  /// Writes the exclusive or of two arrays into a third one of the same size.
  func combine(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ to: UnsafeMutableRawBufferPointer) {
    cr_xor(
      first.baseAddress, second.baseAddress, to.baseAddress, Int64(to.count / 4),
      kind == .streaming ? cr_streaming : cr_plain, Int32(threads))
  }

  /// Reads and writes what a rule with one or two states does.
  func update(
    _ parameters: UnsafeMutableRawBufferPointer, _ gradient: UnsafeRawBufferPointer,
    _ first: UnsafeMutableRawBufferPointer, _ second: UnsafeMutableRawBufferPointer?
  ) {
    cr_update(
      parameters.baseAddress, gradient.baseAddress, first.baseAddress, second?.baseAddress,
      Int64(parameters.count / 4), Int32(threads))
  }

  /// The sum of an array's 32-bit words.
  func sum(_ array: UnsafeRawBufferPointer) -> UInt32 {
    cr_sum(array.baseAddress, Int64(array.count / 4), Int32(threads))
  }
}
