import ArgumentParser

/// Whole numbers, separated by commas.
struct IntegerList: ExpressibleByArgument {
  let numbers: [Int]

  init(_ numbers: [Int]) {
    self.numbers = numbers
  }

  init?(argument: String) {
    numbers = argument.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
    guard numbers.count == argument.count(where: { $0 == "," }) + 1 else { return nil }
  }

  var defaultValueDescription: String { numbers.map(String.init).joined(separator: ",") }
}
