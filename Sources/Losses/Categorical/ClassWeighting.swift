/// What the weights of classes multiply; `q` is the target before any smoothing, `[c = y]` for a class index.
public enum ClassWeighting: String, Hashable, Codable, Sendable, CaseIterable {
  /// `Σ w_c q_c` is a factor of the row's weight, and enters the denominator of a mean: a class of weight 2 counts as if
  /// each of its rows were given twice.
  case samples

  /// `w_c` is a factor of the target after smoothing, and `Σ w_c q_c` enters the denominator of a mean: the cross-entropy of
  /// PyTorch with class indices. Without smoothing, and with class indices, the same as ``samples``.
  case targets

  /// `w_c` is a factor of the target after smoothing, and nothing enters the denominator of a mean: the α of a focal loss,
  /// one for each class.
  case losses
}
