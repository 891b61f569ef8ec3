/// How much `fit` and `evaluate` print.
public enum Verbosity: Sendable {
  /// A progress bar on a terminal, one line per epoch in a file or a pipe.
  case auto
  /// Nothing.
  case silent
  /// A bar per epoch, redrawn while it runs if the output is a terminal.
  case progressBar
  /// One line per epoch.
  case epochs
}
