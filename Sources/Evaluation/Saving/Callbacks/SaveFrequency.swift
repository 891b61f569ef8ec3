/// How often something is saved during training.
public enum SaveFrequency: Hashable, Sendable {
  /// After each epoch.
  case epoch
  /// After every so many steps, counted through all epochs.
  case steps(Int)
}
