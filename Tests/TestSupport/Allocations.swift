import CTestSupport

/// Whether ``allocations(_:)`` counts on this platform.
public let countsAllocations = test_counts_allocations() != 0

/// How many memory allocations `body` makes on the calling thread.
public func allocations(_ body: () throws -> Void) rethrows -> Int {
  let before = test_allocation_count()
  try body()
  return Int(test_allocation_count() - before)
}
