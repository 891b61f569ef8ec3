import Foundation

/// Where progress is printed: a terminal, a file or a pipe.
package struct ProgressOutput {
  package var isTerminal: Bool
  /// The width of the terminal in characters.
  package var columns: () -> Int
  package var write: (String) -> Void

  package init(isTerminal: Bool, columns: @escaping () -> Int = { 80 }, write: @escaping (String) -> Void) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.write = write
  }

  /// What `print` writes to. Only a terminal that can move its cursor counts as one.
  package static var standard: ProgressOutput {
    let canRedraw = ProcessInfo.processInfo.environment["TERM"] != "dumb"
    return ProgressOutput(isTerminal: isatty(STDOUT_FILENO) == 1 && canRedraw, columns: { terminalColumns() }) {
      // `print` shares its buffer with what the program prints itself, so the lines stay in order.
      print($0, terminator: "")
      fflush(nil)
    }
  }
}

/// The width of the terminal: `COLUMNS` if set, what the terminal says, or 80.
package func terminalColumns() -> Int {
  if let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
  return Int(size.ws_col)
}
