import CLossKernels
import Foundation
import Testing

/// The CPU quota of a control group, from files as the kernel of a host writes them.
@Suite struct QuotaTests {
  /// The quota with these files below the mount, for a process with this membership.
  private func quota(_ files: [String: String], membership: String) throws -> Int32 {
    let directory = FileManager.default.temporaryDirectory.appending(path: "losses-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    let mount = directory.appending(path: "cgroup")
    try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: true)
    for (path, text) in files {
      let file = mount.appending(path: path)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let list = directory.appending(path: "membership")
    try Data(membership.utf8).write(to: list)
    return lk_cpu_quota(mount.path, list.path)
  }

  @Test(
    arguments: [
      ("max 100000\n", 0), ("150000 100000\n", 2), ("100000 100000\n", 1), ("100001 100000\n", 2),
      ("50000 100000\n", 1),
      ("1 1000000\n", 1), ("800000 100000\n", 8), ("garbage\n", 0), ("", 0), ("-1 100000\n", 0),
    ] as [(String, Int32)])
  func versionTwo(text: String, processors: Int32) throws {
    #expect(try quota(["cpu.max": text], membership: "0::/\n") == processors)
    #expect(try quota(["job/cpu.max": text], membership: "0::/job\n") == processors)
  }

  @Test func theTightestOfNestedGroupsCounts() throws {
    let files = [
      "a/cpu.max": "400000 100000\n", "a/b/cpu.max": "200000 100000\n", "a/b/c/cpu.max": "max 100000\n",
      "other/cpu.max": "100000 100000\n",
    ]
    #expect(try quota(files, membership: "0::/a/b/c\n") == 2)
    #expect(try quota(files, membership: "0::/a\n") == 4)
    #expect(try quota(files, membership: "0::/\n") == 0)
    #expect(try quota(files.merging(["cpu.max": "300000 100000\n"]) { $1 }, membership: "0::/a\n") == 3)
  }

  @Test(arguments: ["cpu", "cpu,cpuacct", "cpuacct,cpu"])
  func versionOne(controllers: String) throws {
    let membership = "12:memory:/job\n4:\(controllers):/job\n1:name=systemd:/job\n"
    let period = ["\(controllers)/job/cpu.cfs_period_us": "100000\n"]
    func with(_ text: String) -> [String: String] {
      period.merging(["\(controllers)/job/cpu.cfs_quota_us": text]) { $1 }
    }
    #expect(try quota(with("250000\n"), membership: membership) == 3)
    #expect(try quota(with("-1\n"), membership: membership) == 0)
    #expect(try quota(period, membership: membership) == 0)
    // A tighter quota of the root counts as well.
    let root = ["\(controllers)/cpu.cfs_quota_us": "100000\n", "\(controllers)/cpu.cfs_period_us": "100000\n"]
    #expect(try quota(with("250000\n").merging(root) { $1 }, membership: membership) == 1)
  }

  @Test func absentFilesMeanNoQuota() throws {
    #expect(try quota([:], membership: "0::/job\n") == 0)
    #expect(try quota([:], membership: "") == 0)
    #expect(try quota([:], membership: "no colons at all\n:\n::\n") == 0)
    #expect(lk_cpu_quota("/nonexistent", "/nonexistent/either") == 0)
    #expect(try quota([:], membership: "0::/" + String(repeating: "x", count: 6000) + "\n") == 0)
  }
}
