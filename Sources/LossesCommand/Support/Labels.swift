import Losses

/// The labels of two classes in the notation of the loss.
///
/// Files hold them as 0 and 1 or as −1 and +1. For a margin loss 0 becomes −1 where no label is −1, so that an error is
/// about a label that is wrong in either notation; for a binary loss, whose targets may be probabilities, −1 becomes 0
/// where every label is −1 or +1. Labels of weight 0 do not count.
func labels<S: LossScalar>(_ targets: [S], weights: [S]?, for loss: some PointwiseLoss) -> [S] {
  let zero = S(0)
  let one = S(1)
  let minusOne = S(-1)
  let counted = targets.indices.lazy.filter { weights?[$0] != zero }
  switch loss {
  case is MarginLoss where counted.allSatisfy({ targets[$0] != minusOne }):
    return targets.map { $0 == zero ? minusOne : $0 }
  case is BinaryLoss where counted.allSatisfy({ targets[$0] == minusOne || targets[$0] == one }):
    return targets.map { $0 == minusOne ? zero : $0 }
  default:
    return targets
  }
}

/// Runs `body`, and says in the error for an element or a label that is not allowed which file it is in.
func locatingElements<Result>(
  in places: [String: String], _ body: () throws -> Result
) throws -> Result {
  func failure(_ argument: String, _ index: Int, _ value: some Numeric, _ expected: String) -> CommandFailure {
    let place = places[argument] ?? argument
    return CommandFailure(.data, "\(place): element \(index), counted from 0, is \(value); expected \(expected)")
  }
  do {
    return try body()
  } catch LossError.invalidElement(let argument, let index, let value, let expected) {
    throw failure(argument, index, value, expected)
  } catch LossError.invalidLabel(let argument, let index, let value, let expected) {
    throw failure(argument, index, value, expected)
  }
}
