import Foundation

/// What other systems give for the losses of one family: a file of `Tests/Golden`, where `generate.py` writes it.
struct GoldenFile: Decodable, Sendable {
  var samples: [String: GoldenSamples]
  var records: [GoldenRecord]

  init(family: String) throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Golden")
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    self = try decoder.decode(
      Self.self, from: Data(contentsOf: folder.appendingPathComponent("\(family).json").standardizedFileURL))
  }
}

/// The inputs of a call by their letters; rows of classes are flat, with their number of columns.
struct GoldenSamples: Decodable, Sendable {
  /// Predictions.
  var x: [Double]
  /// Targets: numbers, labels or indices of classes.
  var y: [Double]?
  /// Weights of samples.
  var w: [Double]?
  /// Numbers for each class.
  var c: [Double]?
  /// Distributions as targets.
  var q: [Double]?
  /// Variances.
  var v: [Double]?
  var columns: Int?
  /// `float32` where the call is not in double.
  var precision: String?

  var isSinglePrecision: Bool { precision == "float32" }
  var count: Int { x.count / (columns ?? 1) }
}

/// One call of another system, and what it gives.
struct GoldenRecord: Decodable, Sendable {
  var call: String
  var samples: String
  var system: String
  var value: Double?
  var values: [Double]?
  /// Of the value, or of the sum of the values, with respect to the inputs of these letters.
  var gradient: [String: [Double]]?
  /// Second derivatives; `nil` where the system does not show one.
  var curvature: [Double?]?
  /// The true numbers, where the call gives others.
  var exact: GoldenNumbers?
  /// What the call failed with.
  var error: String?

  var name: String { "\(call) on \(samples)" }
  var isMean: Bool { value != nil }
  var numbers: GoldenNumbers {
    GoldenNumbers(value: value, values: values, gradient: gradient, curvature: curvature)
  }
}

/// What a call gives, there or here.
struct GoldenNumbers: Decodable, Sendable {
  var value: Double?
  var values: [Double]?
  var gradient: [String: [Double]]?
  var curvature: [Double?]?
}
