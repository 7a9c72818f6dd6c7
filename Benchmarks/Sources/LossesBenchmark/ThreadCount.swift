import Losses

/// How many threads a measurement may use; 0 stands for all.
struct ThreadCount {
  /// The number as asked for.
  let requested: Int

  /// The number that a roofline loop uses.
  let team: Int

  /// What the library is told.
  let limit: ThreadLimit

  init(_ requested: Int, available: Int) {
    self.requested = requested
    team = requested == 0 ? available : requested
    limit = requested == 0 ? .automatic : .atMost(requested)
  }
}
