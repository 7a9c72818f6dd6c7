/// What is wrong with an `.npy` file or with an array for one.
package enum NPYProblem: Sendable, Hashable {
  /// The file does not begin as an `.npy` file does.
  case badMagic

  /// The version of the format is neither 1.0 nor 2.0.
  case unsupportedVersion(major: Int, minor: Int)

  /// The header is not the Python dictionary that the format prescribes.
  case malformedHeader(reason: String)

  /// The elements are of a type that is not read, such as `>f8`, `<c16` or `<U5`.
  case unsupportedDType(String)

  /// An array of two or more dimensions is stored by columns.
  case fortranOrder(shape: [Int])

  /// The size of the array is beyond what memory can address.
  case shapeTooLarge(shape: String)

  /// The data are shorter or longer than the shape says; sizes are in bytes and without the header.
  case wrongDataSize(shape: [Int], expected: Int, found: Int)

  /// The array has a number of dimensions that its use does not allow.
  case wrongDimensionCount(shape: [Int], allowed: ClosedRange<Int>)

  /// The element at this place of the flat array cannot be converted without loss.
  case inexactElement(index: Int, value: String, type: String)

  /// An array to be written does not have as many elements as its shape says.
  case wrongElementCount(shape: [Int], found: Int)
}

extension NPYProblem: CustomStringConvertible {
  /// What is wrong and what to do, to be put after the path.
  package var description: String {
    switch self {
    case .badMagic:
      return "this is not a NumPy .npy file; write it with numpy.save"
    case .unsupportedVersion(let major, let minor):
      return "version \(major).\(minor) of the .npy format is not supported, only 1.0 and 2.0;"
        + " save the array with numpy.save as a plain numeric type"
    case .malformedHeader(let reason):
      return "the .npy header is malformed: \(reason); write the file again with numpy.save"
    case .unsupportedDType(let type):
      let order = type.hasPrefix(">") || type.hasPrefix("=") ? ": numbers have to be little-endian" : ""
      return
        "the element type \(quoted(type)) is not supported\(order); save array.astype('<f8') or array.astype('<f4')"
    case .fortranOrder(let shape):
      return "the array of shape \(pythonTuple(shape)) is stored in Fortran order;"
        + " save numpy.ascontiguousarray(array)"
    case .shapeTooLarge(let shape):
      return "an array of shape \(shape) does not fit in memory; the header is damaged, write the file again"
    case .wrongDataSize(let shape, let expected, let found):
      let problem = found < expected ? "is truncated" : "has extra bytes at its end"
      return "the file \(problem): shape \(pythonTuple(shape)) needs \(counted(expected, "byte")) of data,"
        + " found \(found); write the file again"
    case .wrongDimensionCount(let shape, let allowed):
      let count =
        allowed.lowerBound == allowed.upperBound
        ? counted(allowed.lowerBound, "dimension") : "\(allowed.lowerBound) to \(allowed.upperBound) dimensions"
      return "expected an array of \(count), found shape \(pythonTuple(shape)); reshape it"
    case .inexactElement(let index, let value, let type):
      return "element \(index), \(value), has no exact \(type) value; save the array in the type that is needed"
    case .wrongElementCount(let shape, let found):
      return "an array of shape \(pythonTuple(shape)) cannot be made of \(counted(found, "element"))"
    }
  }
}

/// The shape as Python writes it: `()`, `(3,)`, `(3, 4)`.
func pythonTuple(_ shape: [Int]) -> String {
  let list = shape.map(String.init).joined(separator: ", ")
  return shape.count == 1 ? "(\(list),)" : "(\(list))"
}

/// The product of the dimensions other than 0, or 0 if one is 0; nil if that product overflows.
///
/// A dimension of 0 does not excuse the others: rows and columns are multiplied in many ways by those who use a shape.
func elementCount(ofShape shape: [Int]) -> Int? {
  var product = 1
  for dimension in shape where dimension != 0 {
    let (next, overflow) = product.multipliedReportingOverflow(by: dimension)
    guard !overflow else { return nil }
    product = next
  }
  return shape.contains(0) ? 0 : product
}
