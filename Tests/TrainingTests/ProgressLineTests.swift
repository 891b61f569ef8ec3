import DeepSwift
import Testing

/// The expected lines are those of Keras 3.15 at the same times, but for its backspaces before each `\r`.
@Suite struct ProgressLineTests {
  /// A terminal or file that remembers what is written to it, and a clock that stands still until it is set.
  final class Recorder {
    var written: [String] = []
    var now = 100.0
    var columns = 120
    let isTerminal: Bool

    init(isTerminal: Bool) { self.isTerminal = isTerminal }

    func line(_ verbosity: Verbosity = .auto, epochs: Int = 1, stepCount: Int?) -> ProgressLine {
      let output = ProgressOutput(
        isTerminal: isTerminal, columns: { self.columns }, write: { self.written.append($0) })
      return ProgressLine(verbosity, epochs: epochs, stepCount: stepCount, output: output, seconds: { self.now })
    }
  }

  /// Three steps and the end of the epoch, a second after 100.
  static func train(_ line: ProgressLine, _ recorder: Recorder, epoch: Int = 0, valLoss: Double = 0.0005) {
    line.epochBegan(epoch)
    let start = recorder.now
    recorder.now = start + 1
    line.stepEnded(1, ["accuracy": 0.1123, "loss": 2.58491])
    recorder.now = start + 1.009
    line.stepEnded(2, ["accuracy": 0.2, "loss": 2])
    recorder.now = start + 1.06
    line.stepEnded(3, ["accuracy": 0.3, "loss": 1.5])
    recorder.now = start + 1.1
    line.epochEnded(["accuracy": 0.3, "loss": 1.5, "val_loss": valLoss])
  }

  @Test func aTerminalGetsABarThatIsDrawnInPlace() {
    let recorder = Recorder(isTerminal: true)
    Self.train(recorder.line(stepCount: 3), recorder)
    #expect(
      recorder.written == [
        "\r\u{1B}[1m1/3\u{1B}[0m \u{1B}[32m━━━━━━\u{1B}[0m\u{1B}[37m━━━━━━━━━━━━━━\u{1B}[0m "
          + "\u{1B}[1m2s\u{1B}[0m 1s/step - accuracy: 0.1123 - loss: 2.5849",
        "\r\u{1B}[1m3/3\u{1B}[0m \u{1B}[32m━━━━━━━━━━━━━━━━━━━━\u{1B}[0m\u{1B}[37m\u{1B}[0m "
          + "\u{1B}[1m0s\u{1B}[0m 30ms/step - accuracy: 0.3000 - loss: 1.5000",
        "\r\u{1B}[1m3/3\u{1B}[0m \u{1B}[32m━━━━━━━━━━━━━━━━━━━━\u{1B}[0m\u{1B}[37m\u{1B}[0m "
          + "\u{1B}[1m1s\u{1B}[0m 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: 5.0000e-04\n",
      ])
  }

  @Test func aFileGetsOneLinePerEpoch() {
    let recorder = Recorder(isTerminal: false)
    let line = recorder.line(epochs: 2, stepCount: 3)
    Self.train(line, recorder)
    Self.train(line, recorder, epoch: 1, valLoss: 0)
    #expect(
      recorder.written.joined() == """
        Epoch 1/2
        3/3 - 1s - 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: 5.0000e-04
        Epoch 2/2
        3/3 - 1s - 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: 0.0000e+00

        """)
  }

  @Test func aBarInAFileHasNoControlCharacters() {
    let recorder = Recorder(isTerminal: false)
    Self.train(recorder.line(.progressBar, stepCount: 3), recorder, valLoss: .nan)
    #expect(
      recorder.written == ["3/3 ━━━━━━━━━━━━━━━━━━━━ 1s 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: nan\n"])
  }

  @Test func silentIsSilent() {
    for isTerminal in [false, true] {
      let recorder = Recorder(isTerminal: isTerminal)
      Self.train(recorder.line(.silent, epochs: 2, stepCount: 3), recorder)
      #expect(recorder.written == [])
    }
  }

  @Test func linesPerEpochOnATerminal() {
    let recorder = Recorder(isTerminal: true)
    Self.train(recorder.line(.epochs, stepCount: 3), recorder, valLoss: -.infinity)
    #expect(
      recorder.written == ["3/3 - 1s - 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: -inf\n"])
  }

  @Test func anUnknownNumberOfStepsIsKnownAfterTheFirstEpoch() {
    let recorder = Recorder(isTerminal: true)
    let line = recorder.line(stepCount: nil)
    Self.train(line, recorder, valLoss: 2)
    Self.train(line, recorder, epoch: 1)
    #expect(
      recorder.written.prefix(3) == [
        "\r      1/Unknown \u{1B}[1m1s\u{1B}[0m 1s/step - accuracy: 0.1123 - loss: 2.5849",
        "\r      3/Unknown \u{1B}[1m1s\u{1B}[0m 30ms/step - accuracy: 0.3000 - loss: 1.5000",
        "\r\u{1B}[1m3/3\u{1B}[0m \u{1B}[32m━━━━━━━━━━━━━━━━━━━━\u{1B}[0m\u{1B}[37m\u{1B}[0m "
          + "\u{1B}[1m1s\u{1B}[0m 50ms/step - accuracy: 0.3000 - loss: 1.5000 - val_loss: 2.0000\n",
      ])
    #expect(recorder.written.dropFirst(3).first?.hasPrefix("\r\u{1B}[1m1/3\u{1B}[0m ") == true)
  }

  @Test func longTimesAreHoursAndShorterLinesEraseTheOldOnes() {
    let recorder = Recorder(isTerminal: true)
    let line = recorder.line(stepCount: 1875)
    line.epochBegan(0)
    for (step, time) in [(1, 102), (2, 104.5), (3, 105)] {
      recorder.now = time
      line.stepEnded(step, [:])
    }
    let bar = "\u{1B}[37m━━━━━━━━━━━━━━━━━━━━\u{1B}[0m"
    #expect(
      recorder.written == [
        "\r\u{1B}[1m   1/1875\u{1B}[0m \(bar) \u{1B}[1m1:02:28\u{1B}[0m 2s/step",
        "\r\u{1B}[1m   2/1875\u{1B}[0m \(bar) \u{1B}[1m1:18:02\u{1B}[0m 2s/step",
        "\r\u{1B}[1m   3/1875\u{1B}[0m \(bar) \u{1B}[1m46:48\u{1B}[0m 2s/step  ",
      ])
  }

  @Test func microseconds() {
    let recorder = Recorder(isTerminal: false)
    let line = recorder.line(stepCount: 2)
    line.epochBegan(0)
    recorder.now = 100.0001
    line.stepEnded(1, [:])
    recorder.now = 100.0003
    line.stepEnded(2, [:])
    line.epochEnded([:])
    #expect(recorder.written == ["2/2 - 0s - 200us/step\n"])
  }

  @Test func aRunningLineEndsWhereTheWindowEndsAndTheLastOneIsWhole() {
    let recorder = Recorder(isTerminal: true)
    recorder.columns = 60
    Self.train(recorder.line(stepCount: 3), recorder)
    let bar = "\u{1B}[32m━━━━━━\u{1B}[0m\u{1B}[37m━━━━━━━━━━━━━━\u{1B}[0m"
    #expect(
      recorder.written.first == "\r\u{1B}[1m1/3\u{1B}[0m \(bar) \u{1B}[1m2s\u{1B}[0m 1s/step - accuracy: 0.1123")
    #expect(recorder.written.last?.hasSuffix(" - loss: 1.5000 - val_loss: 5.0000e-04\n") == true)
  }

  @Test func atMostTwentyLinesASecondAskForTheirValues() {
    let recorder = Recorder(isTerminal: true)
    let line = recorder.line(stepCount: 1000)
    line.epochBegan(0)
    var asked = 0
    func logs() -> Logs {
      asked += 1
      return ["loss": 1]
    }
    for step in 1...1000 {
      recorder.now = 100 + Double(step) / 1000
      line.stepEnded(step, logs())
    }
    #expect((15...20).contains(asked))
    #expect(recorder.written.count == asked)
  }

  @Test func anEpochThatStopsEarlySaysSo() {
    let recorder = Recorder(isTerminal: false)
    let line = recorder.line(.progressBar, stepCount: 10)
    line.epochBegan(0)
    recorder.now = 101
    line.stepEnded(1, [:])
    line.epochEnded([:])
    #expect(recorder.written == [" 1/10 ━━                   1s 1s/step\n"])
  }

  @Test func messagesAndTheEndOfTheProgramLeaveNoHalfLine() {
    let recorder = Recorder(isTerminal: true)
    var line: ProgressLine? = recorder.line(stepCount: 3)
    line?.epochBegan(0)
    recorder.now = 101
    line?.stepEnded(1, [:])
    line?.message("saving")
    recorder.now = 102
    line?.stepEnded(2, [:])
    line = nil
    #expect(recorder.written.count == 4)
    #expect(recorder.written[1] == "\r" + String(repeating: " ", count: 35) + "\rsaving\n")
    #expect(recorder.written[3] == "\n")
  }
}
