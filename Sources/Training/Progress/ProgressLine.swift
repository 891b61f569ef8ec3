import Foundation

/// The line that shows how far an epoch is, in Keras' words:
/// `3/9 ━━━━━━━━━━━━━━━━━━━━ 12s 9ms/step - accuracy: 0.1123 - loss: 2.5849`.
///
/// On a terminal it is redrawn in place, at most 20 times a second and never wider than the window. A file or pipe gets
/// whole lines without control characters, one per epoch.
package final class ProgressLine {
  private enum Style { case silent, bar, plain }

  private let style: Style
  private let epochs: Int
  private var stepCount: Int?
  private let output: ProgressOutput
  private let seconds: () -> Double

  private var step = 0
  private var start = 0.0
  private var firstStepEnd: Double?
  private var lastDraw = -Double.infinity
  /// The width of an unfinished line on the terminal, 0 if there is none.
  private var drawnWidth = 0

  /// - Parameters:
  ///   - epochs: the number that "Epoch 1/2" ends with; 1 leaves that line out.
  ///   - stepCount: the steps of an epoch, `nil` if only the end of the first epoch will tell.
  ///   - seconds: a clock.
  package init(
    _ verbosity: Verbosity, epochs: Int = 1, stepCount: Int?, output: ProgressOutput = .standard,
    seconds: @escaping () -> Double = ProgressLine.monotonicSeconds
  ) {
    switch verbosity {
    case .silent: style = .silent
    case .progressBar: style = .bar
    case .epochs: style = .plain
    case .auto: style = output.isTerminal ? .bar : .plain
    }
    self.epochs = epochs
    self.stepCount = stepCount
    self.output = output
    self.seconds = seconds
    start = seconds()
  }

  deinit { endLine() }

  /// - Parameter epoch: the index of the epoch, from 0.
  package func epochBegan(_ epoch: Int) {
    guard style != .silent else { return }
    endLine()
    if epochs > 1 { output.write("Epoch \(epoch + 1)/\(epochs)\n") }
    step = 0
    firstStepEnd = nil
    lastDraw = -.infinity
    start = seconds()
  }

  /// Tells that `step` steps of this epoch are done. `logs` is asked for only when the line is redrawn.
  package func stepEnded(_ step: Int, _ logs: @autoclosure () -> Logs) {
    guard style != .silent else { return }
    self.step = step
    let now = seconds()
    if firstStepEnd == nil { firstStepEnd = now }
    guard style == .bar, output.isTerminal, now - lastDraw >= 0.05 else { return }
    lastDraw = now
    draw(pieces(logs(), now: now, finished: false), finished: false)
  }

  /// Ends the epoch's line with its final values, those of the validation included.
  package func epochEnded(_ logs: Logs) {
    guard style != .silent else { return }
    if stepCount == nil { stepCount = step }
    let now = seconds()
    switch style {
    case .silent: break
    case .bar: draw(pieces(logs, now: now, finished: true), finished: true)
    case .plain:
      let head = "\(countText) - \(wholeSeconds(now - start))s - \(perStep(now))"
      output.write(head + values(logs).joined() + "\n")
    }
  }

  /// Prints a line of its own without spoiling the one that is being drawn.
  package func message(_ text: String) {
    let blank = drawnWidth > 0 ? "\r" + String(repeating: " ", count: drawnWidth) + "\r" : ""
    drawnWidth = 0
    output.write(blank + text + "\n")
  }

  package static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension ProgressLine {
  /// A part of the line, and how many characters of it are seen.
  private struct Piece {
    var text: String
    var width: Int

    init(_ text: String) { (self.text, width) = (text, text.count) }
    init(bold text: String) { (self.text, width) = ("\u{1B}[1m\(text)\u{1B}[0m", text.count) }
    init(bar cells: Int, of total: Int) {
      let cell = "━"
      let done = cells > 0 ? "\u{1B}[32m\(String(repeating: cell, count: cells))\u{1B}[0m" : ""
      text = done + "\u{1B}[37m\(String(repeating: cell, count: total - cells))\u{1B}[0m"
      width = total
    }
    init(plainBar cells: Int, of total: Int) {
      self.init(String(repeating: "━", count: cells) + String(repeating: " ", count: total - cells))
    }
  }

  private func pieces(_ logs: Logs, now: Double, finished: Bool) -> [Piece] {
    let bold = { [output] in output.isTerminal ? Piece(bold: $0) : Piece($0) }
    let left = stepCount.map { Double($0 - step) * secondsPerStep(now) }
    let time = finished || left == nil ? "\(wholeSeconds(now - start))s" : timeLeft(left ?? 0)
    var line: [Piece] = []
    if let stepCount, stepCount > 0 {
      let cells = min(20, 20 * step / stepCount)
      let bar = output.isTerminal ? Piece(bar: cells, of: 20) : Piece(plainBar: cells, of: 20)
      line = [bold(countText), Piece(" "), bar]
    } else {
      line = [Piece(countText)]
    }
    return line + [Piece(" "), bold(time), Piece(" " + perStep(now))] + values(logs).map { Piece($0) }
  }

  /// On a terminal the running line is cut where the window ends: one that wraps could not be drawn over.
  private func draw(_ pieces: [Piece], finished: Bool) {
    guard output.isTerminal else {
      return output.write(pieces.map(\.text).joined() + "\n")
    }
    let room = finished ? Int.max : output.columns() - 1
    var text = "\r"
    var width = 0
    for piece in pieces {
      guard width + piece.width <= room else { break }
      text += piece.text
      width += piece.width
    }
    text += String(repeating: " ", count: max(0, drawnWidth - width))
    drawnWidth = finished ? 0 : width
    output.write(finished ? text + "\n" : text)
  }

  private func endLine() {
    if drawnWidth > 0 { output.write("\n") }
    drawnWidth = 0
  }

  private var countText: String {
    guard let stepCount, stepCount > 0 else { return padded(step, to: 7) + "/Unknown" }
    return padded(step, to: "\(stepCount)".count) + "/\(stepCount)"
  }

  private func values(_ logs: Logs) -> [String] { logs.map { " - \($0): \(shortNumber($1))" } }

  /// The first step includes warming up, so it does not count where there are others.
  private func secondsPerStep(_ now: Double) -> Double {
    guard step > 0 else { return 0 }
    if step > 1, let firstStepEnd { return (now - firstStepEnd) / Double(step - 1) }
    return (now - start) / Double(step)
  }

  private func perStep(_ now: Double) -> String {
    let time = secondsPerStep(now)
    if time >= 1 || time == 0 { return "\(wholeSeconds(time))s/step" }
    if time >= 1e-3 { return "\(wholeSeconds(time * 1e3))ms/step" }
    return "\(wholeSeconds(time * 1e6))us/step"
  }

  private func timeLeft(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e9))
    if seconds > 3600 { return "\(whole / 3600):\(twoDigits(whole % 3600 / 60)):\(twoDigits(whole % 60))" }
    if seconds > 60 { return "\(whole / 60):\(twoDigits(whole % 60))" }
    return "\(whole)s"
  }

  private func wholeSeconds(_ seconds: Double) -> Int { Int(min(seconds, 1e9).rounded(.toNearestOrEven)) }

  private func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private func padded(_ number: Int, to width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
  }
}
