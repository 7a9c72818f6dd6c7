import DataFiles
import Foundation
import TestSupport
import Testing

@Suite struct OutputTests {
  let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func mode(_ name: String) throws -> Int {
    try #require(FileManager.default.attributesOfItem(atPath: directory.path(name))[.posixPermissions] as? Int)
  }

  @Test func newFileHasTheUsualPermissions() throws {
    try AtomicFile.write("text\n", to: directory.path("a"))
    #expect(try directory.text("a") == "text\n")
    let reference = open(directory.path("b"), O_CREAT | O_WRONLY, 0o666)
    #expect(reference >= 0)
    close(reference)
    #expect(try mode("a") == mode("b"))
    #expect(try directory.names == ["a", "b"])
  }

  @Test(arguments: [0o600, 0o640, 0o777])
  func existingFileKeepsItsPermissions(permissions: Int) throws {
    let path = try directory.file("a", "old")
    #expect(chmod(path, mode_t(permissions)) == 0)
    try AtomicFile.write([1, 2], to: path)
    #expect(try directory.bytes("a") == [1, 2])
    #expect(try mode("a") == permissions)
  }

  @Test func emptyAndLongContents() throws {
    try AtomicFile.write([], to: directory.path("a"))
    #expect(try directory.bytes("a") == [])
    let name = String(repeating: "n", count: 255)
    let long = [UInt8](repeating: 7, count: 3_000_000)
    try AtomicFile.write(long, to: directory.path(name))
    #expect(try directory.bytes(name) == long)
  }

  @Test func symbolicLinksAreWrittenThrough() throws {
    try FileManager.default.createDirectory(atPath: directory.path("d"), withIntermediateDirectories: false)
    _ = try directory.file("d/target", "old")
    for (link, destination) in [
      ("relative", "d/target"), ("absolute", directory.path("d/target")), ("chain", "relative"), ("dangling", "d/new"),
    ] {
      #expect(symlink(destination, directory.path(link)) == 0)
    }
    for link in ["relative", "absolute", "chain"] {
      try AtomicFile.write(link, to: directory.path(link))
      #expect(try directory.text("d/target") == link)
    }
    try AtomicFile.write("made", to: directory.path("dangling"))
    #expect(try directory.text("d/new") == "made")
    var status = stat()
    #expect(lstat(directory.path("relative"), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path("d")).sorted() == ["new", "target"])
  }

  @Test func openDescriptorsAreAppendedTo() throws {
    let path = try directory.file("log", "first ")
    let descriptor = open(path, O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    #expect(symlink("/dev/fd/\(descriptor)", directory.path("link")) == 0)
    try AtomicFile.write("second ", to: "/dev/fd/\(descriptor)")
    try AtomicFile.write("third", to: directory.path("link"))
    #expect(try directory.text("log") == "first second third")
  }

  @Test func pipesAreWrittenToAndStay() throws {
    let path = directory.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try AtomicFile.write("abc", to: path)
    var buffer = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &buffer, 8) == 3)
    #expect(buffer[..<3] == [97, 98, 99])
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try directory.names == ["pipe"])
  }

  @Test func impossiblePaths() throws {
    let file = try directory.file("file", "old")
    #expect(symlink("loop", directory.path("loop")) == 0)
    let missing = directory.path("none")
    for (path, reason) in [
      ("\(missing)/a", "the directory '\(missing)' does not exist"), (directory.path, "Is a directory"),
      (directory.path("new/"), "Is a directory"), ("\(file)/a", "Not a directory"), ("\(file)/", "Not a directory"),
      (directory.path("loop"), "Too many levels of symbolic links"), ("", "the path is empty"),
      (directory.path(String(repeating: "n", count: 300)), "File name too long"), ("a\0b", "Invalid argument"),
      ("/dev/fd/-1", "Bad file descriptor"),
    ] {
      let expected = DataFileError.unwritableFile(path: path, reason: reason)
      #expect(throws: expected) { try AtomicFile.write("x", to: path) }
      #expect(throws: expected) { try OutputBatch.checkWritable([directory.path("ok"), path]) }
      #expect(expected.kind == .cannotWrite)
    }
    #expect(
      DataFileError.unwritableFile(path: "p", reason: "Is a directory").description
        == "cannot write 'p': Is a directory; check the output path")
    #expect(try directory.text("file") == "old")
    #expect(try directory.names == ["file", "loop"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write anywhere"))
  func permissionsAreRespected() throws {
    let file = try directory.file("file", "old")
    #expect(chmod(file, 0o444) == 0)
    #expect(throws: DataFileError.unwritableFile(path: file, reason: "Permission denied")) {
      try AtomicFile.write("x", to: file)
    }
    #expect(chmod(directory.path, 0o555) == 0)
    defer { chmod(directory.path, 0o755) }
    let reason = "directory '\(directory.path)': Permission denied"
    #expect(throws: DataFileError.unwritableFile(path: directory.path("new"), reason: reason)) {
      try OutputBatch.checkWritable([directory.path("new")])
    }
  }

  #if os(Linux)
    @Test func fullDevice() throws {
      let error = try #require(throws: DataFileError.self) { try AtomicFile.write("x", to: "/dev/full") }
      #expect(error == .unwritableFile(path: "/dev/full", reason: "No space left on device"))
    }
  #endif

  @Test func checksLeaveNoTraces() throws {
    _ = try directory.file("old", "old")
    try OutputBatch.checkWritable([directory.path("old"), directory.path("new"), "/dev/stdout", "/dev/null"])
    #expect(try directory.names == ["old"])
    #expect(try directory.text("old") == "old")
  }
}
