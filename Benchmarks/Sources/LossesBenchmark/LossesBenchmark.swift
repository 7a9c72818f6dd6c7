import ArgumentParser
import Losses

/// Measures the library against what memory allows in the same run.
@main
struct LossesBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "losses-benchmark",
    abstract: "Measures the losses against what memory allows in the same run.")

  /// The number type of the pointwise measurements.
  enum ScalarName: String, ExpressibleByArgument, CaseIterable {
    case float, double
  }

  /// From this size on fewer samples are taken.
  private static let large = 16 << 20

  @Option(
    help: "Only benchmarks whose name contains this text: huber, crossEntropy, linear, epoch, update, latency, idle.")
  var filter: String?

  @Option(help: "Sizes of the pointwise benchmarks. (default: 1024,65536,1048576,67108864; quick: all but the last)")
  var sizes: IntegerList?

  @Option(help: "Numbers of threads; 0 is all.")
  var threads = IntegerList([1, 0])

  @Option(help: "Samples of each measurement. (default: 31, 9 for large inputs; quick: 5)")
  var samples: Int?

  @Option(help: "The number type of the pointwise benchmarks.")
  var scalar = ScalarName.float

  @Option(help: "A file for the results as JSON.")
  var json: String?

  @Flag(help: "Every loss of the catalogue.")
  var all = false

  @Flag(help: "Fewer samples and smaller inputs: a test of the benchmark, not of the library.")
  var quick = false

  func validate() throws {
    guard sizes?.numbers.allSatisfy({ $0 > 0 }) ?? true else { throw ValidationError("Sizes start at 1.") }
    guard threads.numbers.allSatisfy({ 0...1024 ~= $0 }) else {
      throw ValidationError("Numbers of threads go from 0 to 1024.")
    }
    guard samples ?? 1 > 0 else { throw ValidationError("At least one sample is needed.") }
  }

  func run() throws {
    let probe = try LibraryProbe()
    var report = Report(environment: Environment(probe))
    for line in report.environment.lines { Table.printLine(line) }
    Table.printLine("")
    let threads = threads.numbers.map { ThreadCount($0, available: probe.threads) }

    // First, before anything else could keep threads awake.
    if isWanted("idle") {
      let cost = try IdleCost()
      Table.printLine("idle: \(cost.description)\n")
      report.idleCost = cost
    }
    Table.printTitles()
    func add(_ measurement: Measurement) {
      Table.printRow(measurement)
      report.measurements.append(measurement)
    }
    try measureLatency(report: add)
    switch scalar {
    case .float: try measurePointwise(Float.self, threads, report: add)
    case .double: try measurePointwise(Double.self, threads, report: add)
    }
    try measureCategorical(threads, report: add)
    try measureLinear(threads, report: add)
    try measureEpoch(threads, report: add)
    try measureUpdates(threads, report: add)
    if let json { try report.write(to: json) }
  }

  private func measureLatency(report: (Measurement) -> Void) throws {
    // The losses have concrete types here, as in a program that cares: an `any PointwiseLoss` costs some 80 ns more.
    func measure<L: BenchmarkLoss>(_ loss: L) throws {
      guard isWanted("latency \(loss.name)") else { return }
      report(try LatencyBenchmark(sampler: sampler(elements: 1)).run(loss))
    }
    try measure(RegressionLoss.squaredError)
    try measure(RegressionLoss.huber())
    try measure(BinaryLoss.logistic())
  }

  private func measurePointwise<S: BenchmarkScalar>(
    _ scalar: S.Type, _ threads: [ThreadCount], report: (Measurement) -> Void
  ) throws {
    let usualSizes = [1 << 10, 1 << 16, 1 << 20] + (quick ? [] : [1 << 26])
    for size in sizes?.numbers ?? usualSizes {
      let benchmark = PointwiseBenchmark<S>(sampler: sampler(elements: size), threads: threads)
      for loss in all ? BenchmarkLosses.all : BenchmarkLosses.usual where isWanted(loss.name) {
        try benchmark.run(loss, count: size, report: report)
      }
    }
  }

  private func measureCategorical(_ threads: [ThreadCount], report: (Measurement) -> Void) throws {
    guard isWanted("crossEntropy") else { return }
    for (rows, classes) in CategoricalBenchmark.shapes.prefix(quick ? 1 : 3) {
      try CategoricalBenchmark(sampler: sampler(elements: rows * classes), threads: threads)
        .run(rows: rows, classes: classes, report: report)
    }
  }

  private func measureLinear(_ threads: [ThreadCount], report: (Measurement) -> Void) throws {
    guard isWanted("linear logistic") else { return }
    let (rows, columns) = linearShape
    let sampler = sampler(elements: rows * columns)
    try LinearBenchmark<Double>(sampler: sampler, threads: threads).run(rows: rows, columns: columns, report: report)
    try LinearBenchmark<Float>(sampler: sampler, threads: threads).run(rows: rows, columns: columns, report: report)
  }

  private func measureEpoch(_ threads: [ThreadCount], report: (Measurement) -> Void) throws {
    guard isWanted("epoch logistic") else { return }
    let (rows, columns) = linearShape
    try EpochBenchmark(sampler: sampler(elements: rows * columns), threads: threads)
      .run(rows: rows, columns: columns, report: report)
  }

  private var linearShape: (rows: Int, columns: Int) { (quick ? 100_000 : 1_000_000, 100) }

  private func measureUpdates(_ threads: [ThreadCount], report: (Measurement) -> Void) throws {
    for size in sizes?.numbers ?? [1 << 10, 1 << 16] + (quick ? [] : [1 << 26]) {
      let benchmark = UpdateBenchmark(sampler: sampler(elements: size), threads: threads)
      for rule in UpdateBenchmark.rules where isWanted("update \(rule.name)") {
        try benchmark.run(rule, count: size, report: report)
      }
    }
  }

  private func sampler(elements: Int) -> Sampler {
    Sampler(samples: samples ?? (quick ? 5 : elements < Self.large ? 31 : 9))
  }

  private func isWanted(_ name: String) -> Bool {
    guard let filter else { return true }
    return name.lowercased().contains(filter.lowercased())
  }
}
