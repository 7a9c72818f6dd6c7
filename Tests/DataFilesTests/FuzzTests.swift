import DataFiles
import Foundation
import TestSupport
import Testing

/// Damaged files are read or refused, and never stop the process.
@Suite struct FuzzTests {
  private let rounds = 20_000

  /// Changes, removes, repeats or inserts a few bytes; half of the new bytes are ones that mean something.
  private func damaged(_ bytes: [UInt8], alphabet: [UInt8], using generator: inout SplitMix64) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...result.count, using: &generator)
      let byte =
        Bool.random(using: &generator)
        ? alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] : UInt8.random(in: 0...255, using: &generator)
      switch Int.random(in: 0..<5, using: &generator) {
      case 0 where place < result.count: result[place] = byte
      case 1 where place < result.count: result.remove(at: place)
      case 2: result.removeSubrange(Int.random(in: place...result.count, using: &generator)...)
      case 3: result.insert(contentsOf: result[place...].prefix(8), at: place)
      default: result.insert(byte, at: place)
      }
    }
    return result
  }

  private func overwrite(_ path: String, _ bytes: [UInt8]) throws {
    // Some file systems flush a file that was emptied to be written again, which takes far longer than a new file.
    unlink(path)
    let file = try #require(fopen(path, "w"))
    defer { fclose(file) }
    try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
  }

  @Test func damagedNPY() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("a.npy")
    let seeds = [
      npyBytes(npyDictionary("<f8", "(2, 2)"), rawBytes([1.0, 2, 3, 4])),
      npyBytes(npyDictionary("<f4", "(3,)") + "   ", rawBytes([1, 2, 3] as [Float])),
      npyBytes(npyDictionary("<i8", "()"), rawBytes([-1] as [Int64]), version: (2, 0)),
      npyBytes("{\"shape\":(0,),'fortran_order':True,'descr':'|b1'}"),
    ]
    let alphabet = Array("{}[](),:'\"<>=|0123456789fiubTrueFalse \n".utf8)
    var generator = SplitMix64(seed: 2)
    var readCount = 0
    var refusedCount = 0
    // Collected, because an expectation in every round would take most of the time.
    var wrong: [Int] = []
    for round in 0..<rounds {
      try overwrite(path, damaged(seeds[round % seeds.count], alphabet: alphabet, using: &generator))
      do {
        let array = try NPYArray(contentsOf: path)
        let elements = try array.elements(as: Double.self)
        if elements.count != array.count || array.shape.reduce(1, *) != array.count { wrong.append(round) }
        readCount += 1
      } catch {
        if error.kind != .badData || error.description.contains("\n") { wrong.append(round) }
        refusedCount += 1
      }
    }
    #expect(wrong == [])
    #expect(readCount > rounds / 100)
    #expect(refusedCount > rounds / 4)
  }

  @Test func damagedCSV() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path("a.csv")
    let seeds = [
      "a,b\n1,2\n-3.5e2,4\n", "\u{FEFF}\"a\",\"b \"\"q\"\"\",c\r\n1,2,3\r\n\"4\",5e-3, 6 \r\n",
      "y\n0.1\n123456789012345678901e-5\n\n",
      "1.5\n2.5\n",
    ].map { Array($0.utf8) }
    let alphabet = Array("\",\n\r \t+-.eE0123456789naif\u{FEFF}".utf8)
    var generator = SplitMix64(seed: 3)
    var readCount = 0
    var refusedCount = 0
    // Collected, because an expectation in every round would take most of the time.
    var wrong: [Int] = []
    for round in 0..<rounds {
      try overwrite(path, damaged(seeds[round % seeds.count], alphabet: alphabet, using: &generator))
      do {
        let table = try CSVTable(contentsOf: path, header: round.isMultiple(of: 3) ? .required : .detected)
        let cells = try table.matrix(ofColumns: table.columnNames)
        if table.rowCount < 1 || cells.count != table.rowCount * table.columnNames.count
          || !cells.allSatisfy({ $0.isFinite })
        {
          wrong.append(round)
        }
        readCount += 1
      } catch {
        if error.kind != .badData || error.description.contains("\n") { wrong.append(round) }
        refusedCount += 1
      }
    }
    #expect(wrong == [])
    #expect(readCount > rounds / 10)
    #expect(refusedCount > rounds / 10)
  }
}
