import Losses
import Testing

/// What to write here for one call of another system.
struct GoldenRow: Sendable, CustomTestStringConvertible {
  enum Expectation: Sendable {
    /// The same number; where the record has exact ones, those, which the call does not give.
    case same
    /// These numbers, which the call does not give.
    case other(GoldenNumbers)
    /// An error here.
    case refusal
  }

  var call: String
  var samples = ""
  var expectation = Expectation.same
  var here: @Sendable (GoldenRecord, GoldenSamples) throws -> GoldenNumbers

  var name: String { "\(call) on \(samples)" }
  var testDescription: String { name }

  /// The same rows on samples of this name.
  static func on(_ samples: String, _ rows: [GoldenRow]) -> [GoldenRow] {
    rows.map { row in
      var row = row
      row.samples = samples
      return row
    }
  }

  /// The same call, where what is right here is known: a tie, or an edge at which systems disagree.
  func but(value: Double? = nil, values: [Double]? = nil, gradient: [Double]? = nil) -> GoldenRow {
    but(GoldenNumbers(value: value, values: values, gradient: gradient.map { ["x": $0] }))
  }

  func but(_ numbers: GoldenNumbers) -> GoldenRow {
    var row = self
    row.expectation = .other(numbers)
    return row
  }

  /// The same call, whose second derivative there is not one.
  var exceptCurvature: GoldenRow { except(\.curvature) }

  /// The same call, whose gradient there is another one.
  var exceptGradient: GoldenRow { except(\.gradient) }

  private func except<Part: Sendable>(_ part: WritableKeyPath<GoldenNumbers, Part?> & Sendable) -> GoldenRow {
    let here = here
    var row = self
    row.here = { record, samples in
      var found = try here(record, samples)
      let theirs = record.numbers
      #expect(found[keyPath: part] != nil && theirs[keyPath: part] != nil)
      var mixed = theirs
      mixed[keyPath: part] = found[keyPath: part]
      #expect(!GoldenAccuracy(record, samples).agrees(mixed, theirs), "\(record.system) says the same")
      found[keyPath: part] = theirs[keyPath: part]
      return found
    }
    return row
  }

  /// The same call, whose samples are an error here.
  var refused: GoldenRow {
    var row = self
    row.expectation = .refusal
    return row
  }

  /// Runs the row against the record of its name.
  func check(_ file: GoldenFile) throws {
    let record = try #require(file.records.first { $0.name == name }, "no record of \(name)")
    let samples = try #require(file.samples[record.samples])
    let accuracy = GoldenAccuracy(record, samples)
    switch expectation {
    case .same:
      let found = try here(record, samples)
      if let exact = record.exact {
        expectEqual(found, exact, accuracy.exact)
        #expect(!accuracy.exact.agrees(record.numbers, exact), "\(record.system) is right here")
      } else {
        #expect(record.error == nil)
        expectEqual(found, record.numbers, accuracy)
      }
    case .other(let numbers):
      expectEqual(try here(record, samples), numbers, accuracy)
      #expect(record.error != nil || !accuracy.agrees(record.numbers, numbers), "\(record.system) says the same")
    case .refusal:
      #expect(throws: LossError.self) { try here(record, samples) }
    }
  }

  private func expectEqual(_ found: GoldenNumbers, _ expected: GoldenNumbers, _ accuracy: GoldenAccuracy) {
    #expect(accuracy.agrees(found, expected), "\(found) instead of \(expected)")
  }
}

/// When two results count as the same.
struct GoldenAccuracy {
  /// Relative to each number.
  var relative: Double
  /// Relative to the largest number of a list: what is left where a system cancels.
  var ofLargest = 0.0
  /// The least numbers have few digits.
  var absolute: Double

  init(_ record: GoldenRecord, _ samples: GoldenSamples) {
    // These compute in single precision whatever they are given; Keras does where it takes a mean.
    let isSingle =
      samples.isSinglePrecision || ["Keras", "LightGBM", "XGBoost"].contains { record.system.hasPrefix($0) }
    relative = isSingle ? 1e-6 : 1e-12
    ofLargest = isSingle ? 1e-7 : 1e-15
    absolute = isSingle ? 4 * Double(Float.leastNonzeroMagnitude) : 4 * Double.leastNonzeroMagnitude
  }

  /// For true numbers: each by itself.
  var exact: GoldenAccuracy {
    var copy = self
    copy.ofLargest = 0
    return copy
  }

  /// Whether everything that is expected is there, second derivatives only if there are some; a NaN never agrees.
  func agrees(_ found: GoldenNumbers, _ expected: GoldenNumbers) -> Bool {
    agree([found.value], [expected.value])
      && agree(found.values ?? [], expected.values ?? [])
      && found.curvature.map { agree($0, expected.curvature ?? []) } ?? true
      && (expected.gradient ?? [:]).allSatisfy { agree(found.gradient?[$0.key] ?? [], $0.value) }
  }

  func agree(_ found: [Double?], _ expected: [Double?]) -> Bool {
    if expected.allSatisfy({ $0 == nil }) { return true }
    guard found.count == expected.count else { return false }
    let largest = expected.compactMap { $0 }.filter(\.isFinite).map(abs).max() ?? 0
    return zip(found, expected).allSatisfy { found, expected in
      guard let expected else { return true }
      guard let found else { return false }
      return found == expected
        || abs(found - expected) <= max(relative * abs(expected), ofLargest * largest, absolute)
    }
  }
}
