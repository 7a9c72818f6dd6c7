/// The name that a mistyped `name` most likely stands for, if one is close.
///
/// Case does not count as a difference. A name is close if it takes at most about one edit for three letters.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  let wanted = Array(name.lowercased())
  // The table of the distance is quadratic; nobody mistypes a name as long as this.
  let longest = 64
  guard !wanted.isEmpty, wanted.count <= longest else { return nil }
  let tolerance = min(max(1, (wanted.count + 1) / 3), wanted.count - 1)
  var nearest: (name: String, distance: Int)?
  for candidate in candidates {
    let letters = Array(candidate.lowercased())
    guard abs(letters.count - wanted.count) <= tolerance else { continue }
    let distance = editDistance(wanted, letters)
    if distance <= tolerance, distance < nearest?.distance ?? .max {
      nearest = (candidate, distance)
    }
  }
  return nearest?.name
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one word into the other.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for i in first.indices {
    var current = [i + 1]
    current.reserveCapacity(second.count + 1)
    for j in second.indices {
      let replacement = previous[j] + (first[i] == second[j] ? 0 : 1)
      var best = min(previous[j + 1] + 1, current[j] + 1, replacement)
      if i > 0, j > 0, first[i] == second[j - 1], first[i - 1] == second[j] {
        best = min(best, beforePrevious[j - 1] + 1)
      }
      current.append(best)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[second.count]
}
