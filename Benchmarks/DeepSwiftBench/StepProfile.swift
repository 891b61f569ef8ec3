import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation

/// Tells where the time of a training step goes: the phases of its program, their segments, and every step in microseconds.
enum StepProfile {
  static func run(_ course: CourseModel) throws {
    setRandomSeed(0)
    let (x, y) = course.data()
    let model = course.model()
    model.programSettings.isProfiling = true
    try model.compile(optimizer: course.optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
    func epoch() throws { try model.fit(x, y, batchSize: course.batchSize, epochs: 1, verbose: .silent) }
    try epoch()
    guard let program = model.trainingProgram, let profile = program.profile else { return }
    profile.reset()
    let start = DispatchTime.now().uptimeNanoseconds
    try epoch()
    let steps = (x.shape[0] + course.batchSize - 1) / course.batchSize
    let whole = Double(DispatchTime.now().uptimeNanoseconds - start) / Double(steps) / 1000
    print(program.timeTable(runs: steps))
    print("a step takes \(Int(whole)) µs; the times above are a thread's, on average of \(program.settings.workers)")
    print("activations, gradients and sums take \(program.memoryFloats >> 18) MB")
  }
}
