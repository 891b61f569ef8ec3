import DeepSwift
import Foundation
import Testing

/// Sends the signal to the process, as a terminal does: the threads of tasks do not take signals themselves.
private func pressControlC() {
  kill(getpid(), SIGINT)
  usleep(100_000)
}

@Suite struct InterruptionTests {
  // In a process of its own: a signal reaches every training of a process.
  @Test func controlCEndsFitAfterTheCurrentBatch() async {
    await #expect(processExitsWith: .success) {
      let model = Sequential([Dense(1)])
      try model.compile(optimizer: .sgd, loss: .meanSquaredError)
      let x = Tensor.random(uniform: 0...1, shape: [40, 2], seed: 1), y = x.sum(axis: 1, keepDimensions: true)
      let stopping = EarlyStopping(monitor: "loss", patience: 100, restoreBestWeights: true)
      let history = try model.fit(
        x, y, batchSize: 4, epochs: 50, verbose: .silent,
        callbacks: [LambdaCallback(batchEnded: { batch, _ in if batch == 2 { pressControlC() } }), stopping])
      #expect(history.epochs == [0], "fit went on after Ctrl-C")
      #expect(model.optimizer?.iterations == 3, "fit did not end after the current batch")
      // The next training is not stopped by the signal of the last one.
      let again = try model.fit(x, y, epochs: 2, verbose: .silent)
      #expect(again.epochs == [0, 1], "a later fit was stopped by an old signal")
    }
  }
}
