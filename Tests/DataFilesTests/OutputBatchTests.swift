import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct OutputBatchTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func filesAppearWithTheCommit() throws {
    _ = try directory.file("a", "old")
    var batch = OutputBatch()
    try batch.add("new", to: directory.path("a"))
    try batch.add([1, 2, 3], to: directory.path("b"))
    try batch.addNPY([1.5] as [Float], shape: [1], to: directory.path("c"))
    #expect(try directory.text("a") == "old")
    #expect(try directory.names.filter { !$0.hasPrefix(".losses-") } == ["a"])
    try batch.commit()
    #expect(try directory.names == ["a", "b", "c"])
    #expect(try directory.text("a") == "new")
    #expect(try directory.bytes("b") == [1, 2, 3])
    #expect(try NPYArray(contentsOf: directory.path("c")).elements(as: Float.self) == [1.5])
  }

  @Test func nothingAppearsWithoutACommit() throws {
    _ = try directory.file("a", "old")
    do {
      var batch = OutputBatch()
      try batch.add("new", to: directory.path("a"))
      try batch.add("new", to: directory.path("b"))
      #expect(try directory.names.count == 3)
    }
    #expect(try directory.names == ["a"])
    #expect(try directory.text("a") == "old")
  }

  private func write(_ paths: [String]) throws {
    var batch = OutputBatch()
    for path in paths { try batch.add("new", to: path) }
    try batch.commit()
  }

  @Test func anOutputThatFailsTakesTheOthersWithIt() throws {
    _ = try directory.file("a", "old")
    #expect(throws: DataFileError.self) {
      try write([directory.path("a"), directory.path("b"), directory.path("none/c")])
    }
    #expect(try directory.names == ["a"])
    #expect(try directory.text("a") == "old")
  }

  #if os(Linux)
    @Test func aDeviceThatFailsLeavesTheFilesUntouched() throws {
      _ = try directory.file("a", "old")
      #expect(throws: DataFileError.unwritableFile(path: "/dev/full", reason: "No space left on device")) {
        try write([directory.path("a"), "/dev/full"])
      }
      #expect(try directory.names == ["a"])
      #expect(try directory.text("a") == "old")
    }
  #endif

  @Test func aRenameThatFailsLeavesNoTemporaryFile() throws {
    func commit() throws {
      var batch = OutputBatch()
      for name in ["a", "b", "c"] { try batch.add("new", to: directory.path(name)) }
      try FileManager.default.createDirectory(atPath: directory.path("b"), withIntermediateDirectories: false)
      try batch.commit()
    }
    let error = try #require(throws: DataFileError.self) { try commit() }
    #expect(error == .unwritableFile(path: directory.path("b"), reason: "Is a directory"))
    #expect(try directory.names == ["a", "b"])
  }

  @Test func oneFileCannotBeTwoOutputs() throws {
    _ = try directory.file("a", "old")
    #expect(symlink("a", directory.path("link")) == 0)
    for other in [directory.path("a"), directory.path("./a"), directory.path("link")] {
      let expected = DataFileError.unwritableFile(path: other, reason: "another output goes to the same file")
      #expect(throws: expected) { try write([directory.path("a"), other]) }
      #expect(throws: expected) { try OutputBatch.checkWritable([directory.path("a"), other]) }
    }
    #expect(try directory.text("a") == "old")
    #expect(try directory.names == ["a", "link"])
    try OutputBatch.checkWritable(["/dev/null", "/dev/null"])
  }
}
