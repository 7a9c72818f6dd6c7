#if _endian(big)
  #error("DataFiles copies little-endian elements as they are, which is wrong on this platform.")
#endif

/// An array in an `.npy` file of version 1.0 or 2.0, in C order.
///
/// The file stays mapped into memory as long as the value lives, and elements are copied once, when they are asked for.
package struct NPYArray: Sendable {
  /// The path that the array was read from, for messages about its contents.
  package let path: String

  /// The type of the elements in the file.
  package let dtype: NPYDType

  /// The sizes of the dimensions; empty for a single number, which NumPy calls an array of dimension 0.
  package let shape: [Int]

  /// How many elements there are: the product of the shape, which never overflows, not even without its zeros.
  package let count: Int

  private let file: MappedFile
  private let dataOffset: Int

  /// Maps the file and checks all but the values of the elements.
  package init(contentsOf path: String) throws(DataFileError) {
    let file = try MappedFile(path: path)
    let header = try withExtendedLifetime(file) { () throws(DataFileError) in
      try NPYHeader(file.bytes, path: path)
    }
    self.path = path
    self.file = file
    dtype = header.dtype
    shape = header.shape
    count = header.elementCount
    dataOffset = header.dataOffset
  }

  /// Throws an error unless the array has a number of dimensions in this range.
  package func requireDimensions(_ allowed: ClosedRange<Int>) throws(DataFileError) {
    guard allowed ~= shape.count else {
      throw .npy(path: path, .wrongDimensionCount(shape: shape, allowed: allowed))
    }
  }

  /// All elements in C order as `Float`, `Double` or `Int64`.
  ///
  /// If the file holds that very type, its bytes are copied. Otherwise each element is converted, and one that has no
  /// exact value in the new type is an error that names its index. NaN becomes NaN.
  // Callers are in other modules; without these copies the conversion takes ten times as long.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
  @specialized(where Element == Int64)
  package func elements<Element: NPYElement>(as type: Element.Type = Element.self) throws(DataFileError) -> [Element] {
    switch dtype {
    case Element.dtype: copied(as: Element.self)
    case .float32: try converted(from: Float.self, Element.init(exactValue:))
    case .float64: try converted(from: Double.self, Element.init(exactValue:))
    case .int8: try converted(from: Int8.self, Element.init(exactValue:))
    case .uint8: try converted(from: UInt8.self, Element.init(exactValue:))
    case .int16: try converted(from: Int16.self, Element.init(exactValue:))
    case .uint16: try converted(from: UInt16.self, Element.init(exactValue:))
    case .int32: try converted(from: Int32.self, Element.init(exactValue:))
    case .uint32: try converted(from: UInt32.self, Element.init(exactValue:))
    case .int64: try converted(from: Int64.self, Element.init(exactValue:))
    case .uint64: try converted(from: UInt64.self, Element.init(exactValue:))
    case .bool: try converted(from: UInt8.self) { Element(exactValue: UInt8($0 == 0 ? 0 : 1)) }
    }
  }

  private func copied<Element: BitwiseCopyable>(as type: Element.Type) -> [Element] {
    // The array is aligned; the bytes of the file need not be.
    [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      withExtendedLifetime(file) {
        UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(rebasing: data))
      }
      initializedCount = count
    }
  }

  private func converted<Source: BitwiseCopyable, Element: NPYElement>(
    from type: Source.Type, _ convert: (Source) -> Element?
  ) throws(DataFileError) -> [Element] {
    try withExtendedLifetime(file) { () throws(DataFileError) in
      let source = UnsafeRawBufferPointer(rebasing: data)
      var result: [Element] = []
      result.reserveCapacity(count)
      for index in 0..<count {
        let value = source.loadUnaligned(fromByteOffset: index * MemoryLayout<Source>.stride, as: Source.self)
        guard let element = convert(value) else {
          throw .npy(path: path, .inexactElement(index: index, value: "\(value)", type: "\(Element.self)"))
        }
        result.append(element)
      }
      return result
    }
  }

  private var data: UnsafeRawBufferPointer.SubSequence { file.bytes[dataOffset...] }
}
