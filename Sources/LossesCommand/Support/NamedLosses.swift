import ArgumentParser
import Losses
import Optimizers

extension ParsableCommand {
  /// The loss of a text form, of any family.
  static func anyLoss(named text: String) throws -> any Loss {
    do {
      return try LossCatalogue.loss(text)
    } catch LossError.unknownName(let name, nil) {
      throw CommandFailure(.usage, "there is no loss '\(name)'; 'losses list' shows all")
    }
  }

  /// The pointwise loss of a text form, for a command that has nothing for the others.
  static func loss(named text: String) throws -> any PointwiseLoss {
    let loss = try anyLoss(named: text)
    guard let pointwise = loss as? any PointwiseLoss else {
      let command = configuration.commandName ?? ""
      throw CommandFailure(
        .usage,
        "\(loss) is not a pointwise loss; 'losses \(command)' is for those of one prediction for each sample: regression,"
          + " binary and margin losses")
    }
    return pointwise
  }

  /// The penalty of a text form.
  static func penalty(named text: String) throws -> Penalty {
    do {
      return try Penalty(text)
    } catch LossError.unknownName(let name, nil) {
      throw CommandFailure(.usage, "there is no penalty '\(name)'; write 'l2(strength: 0.01)'")
    }
  }

  /// The update rule of a text form.
  static func optimizer(named text: String) throws -> UpdateRule {
    do {
      return try UpdateRule(text)
    } catch LossError.unknownName(let name, nil) {
      throw CommandFailure(.usage, "there is no update rule '\(name)'; 'losses list --optimizers' shows all")
    }
  }

  /// The schedule of a text form.
  static func schedule(named text: String) throws -> LearningRateSchedule {
    do {
      return try LearningRateSchedule(text)
    } catch LossError.unknownName(let name, nil) {
      throw CommandFailure(.usage, "there is no schedule '\(name)'; 'losses list --schedules' shows all")
    }
  }
}
