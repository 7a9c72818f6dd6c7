/// The bytes of an `.npy` file with this text as its header, exactly as long as the text is.
func npyBytes(_ dictionary: String, _ payload: [UInt8] = [], version: (UInt8, UInt8) = (1, 0)) -> [UInt8] {
  let length = dictionary.utf8.count
  let lengthBytes = (0..<(version.0 == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version.0, version.1] + lengthBytes + Array(dictionary.utf8) + payload
}

/// The header of a C-ordered array as NumPy words it.
func npyDictionary(_ descriptor: String, _ shape: String) -> String {
  "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': \(shape), }\n"
}

/// The bytes of values in the order of memory, which is little-endian.
func rawBytes<Value: BitwiseCopyable>(_ values: [Value]) -> [UInt8] {
  values.withUnsafeBytes { Array($0) }
}
