/// A type that arrays in new `.npy` files can have.
package protocol NPYWritable: NPYElement {}

extension Float: NPYWritable {}

extension Double: NPYWritable {}

/// The bytes before the elements in an `.npy` file of version 1.0, their count a multiple of 64 as NumPy has it.
func npyPreamble(dtype: NPYDType, shape: [Int], path: String) throws(DataFileError) -> [UInt8] {
  let dictionary = "{'descr': '\(dtype.rawValue)', 'fortran_order': False, 'shape': \(pythonTuple(shape)), }"
  let prefixCount = NPYHeader.magic.count + 4
  let unpaddedCount = prefixCount + dictionary.utf8.count + 1
  let padding = (64 - unpaddedCount % 64) % 64
  guard let length = UInt16(exactly: unpaddedCount + padding - prefixCount) else {
    throw .npy(path: path, .malformedHeader(reason: "a shape of \(shape.count) dimensions is too long for it"))
  }
  return NPYHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(dictionary.utf8)
    + [UInt8](repeating: UInt8(ascii: " "), count: padding) + [UInt8(ascii: "\n")]
}
