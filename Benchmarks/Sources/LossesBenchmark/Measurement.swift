/// One row of the results: a call and, where there is one, its roofline.
struct Measurement: Encodable {
  /// What the call is compared with: the loop that was fastest, and all that were tried.
  struct Roofline: Encodable {
    let fastest: RooflineLoop
    let nanoseconds: Double
    let gigabytesPerSecond: Double
    let loops: [Loop]
  }

  /// One loop and its times.
  struct Loop: Encodable {
    let loop: RooflineLoop
    let timing: Timing
  }

  let benchmark: String
  let scalar: String

  /// The size as printed, and the elements that it stands for.
  let size: String
  let elements: Int

  /// The number of threads as asked for; 0 is all.
  let threads: Int

  let call: Timing
  let elementsPerSecond: Double

  /// The least traffic that the call needs.
  let bytes: Int
  let gigabytesPerSecond: Double

  let roofline: Roofline?

  /// Time of the roofline / time of the call.
  let fractionOfRoofline: Double?

  init(
    benchmark: String, scalar: String, size: String, elements: Int, bytes: Int, threads: Int, call: Timing,
    loops: [Loop] = []
  ) {
    self.benchmark = benchmark
    self.scalar = scalar
    self.size = size
    self.elements = elements
    self.threads = threads
    self.call = call
    self.bytes = bytes
    elementsPerSecond = Double(elements) / call.median * 1e9
    gigabytesPerSecond = Double(bytes) / call.median
    let fastest = loops.min { $0.timing.median < $1.timing.median }
    roofline = fastest.map {
      Roofline(
        fastest: $0.loop, nanoseconds: $0.timing.median, gigabytesPerSecond: Double(bytes) / $0.timing.median,
        loops: loops)
    }
    fractionOfRoofline = fastest.map { $0.timing.median / call.median }
  }
}
