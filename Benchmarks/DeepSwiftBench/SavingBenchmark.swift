import DeepSwift
import Foundation

/// Times how long a model of 100 MB takes to be saved and loaded, and prints one line of JSON.
///
/// usage: Benchmark saving FOLDER
enum SavingBenchmark {
  static func run(_ folder: String) throws {
    let model = Sequential {
      Input(shape: [2500])
      for _ in 0..<4 { Dense(2500) }
    }
    try model.compile(optimizer: .adam, loss: .meanSquaredError)
    var values: [(String, Double)] = [("parameters", Double(model.parameterCount))]
    for end in [".keras", ".safetensors"] {
      let path = "\(folder)/deepswift\(end)"
      values.append(("save\(end)", try best { try model.save(to: path) }))
      values.append(("load\(end)", try best { _ = try Model.load(from: path) }))
    }
    for end in [".weights.h5", ".safetensors"] {
      let path = "\(folder)/deepswift-weights\(end)"
      values.append(("saveWeights\(end)", try best { try model.saveWeights(to: path) }))
      values.append(("loadWeights\(end)", try best { try model.loadWeights(from: path) }))
    }
    let path = "\(folder)/deepswift-weights.safetensors"
    values.append(("open.safetensors", try best { _ = try SafeTensors(contentsOf: path) }))
    print("{" + values.map { "\"\($0.0)\": \($0.1)" }.joined(separator: ", ") + "}")
  }

  /// The shortest of five times, in seconds.
  private static func best(_ body: () throws -> Void) rethrows -> Double {
    try (0..<5).map { _ in
      let start = DispatchTime.now().uptimeNanoseconds
      try body()
      return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }.min() ?? .nan
  }
}
