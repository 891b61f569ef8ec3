import DeepSwift
import DeepSwiftTraining
import Foundation

/// Carries models between Keras and DeepSwift, for `Scripts/test-keras`, and to ONNX, for `Scripts/test-onnx`.
///
///     KerasExchange read FOLDER BACK     # loads what generate.py wrote, compares, writes it again into BACK
///     KerasExchange write FOLDER         # writes models of DeepSwift's own, for check.py
///     KerasExchange onnx FOLDER          # exports a zoo of models, for Scripts/test-onnx
@main struct KerasExchange {
  static func main() throws {
    let arguments = CommandLine.arguments
    switch arguments.dropFirst().first {
    case "read" where arguments.count == 4: try read(arguments[2], back: arguments[3])
    case "write" where arguments.count == 3: try OwnModels.write(to: arguments[2])
    case "onnx" where arguments.count == 3: try ExportZoo.write(to: arguments[2])
    default: print("usage: KerasExchange read FOLDER BACK | write FOLDER | onnx FOLDER")
    }
  }

  private static func read(_ folder: String, back: String) throws {
    try FileManager.default.createDirectory(atPath: back, withIntermediateDirectories: true)
    var faults = 0
    for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    where file.hasSuffix(".keras") || file.hasSuffix(".h5") {
      let name = String(file.prefix { $0 != "." })
      do {
        let model = try Model.load(from: "\(folder)/\(file)")
        let exchange = try Case(model, npz: "\(folder)/\(name).npz")
        try model.save(to: "\(back)/\(name).keras")
        let now = try exchange.difference(from: "y")
        let later = exchange.isTrained ? try exchange.differenceAfterTraining(steps: 3) : 0
        let isGood = now < 1e-5 && later < 1e-3
        faults += isGood ? 0 : 1
        print("\(isGood ? "  " : "! ")\(name): predictions differ by \(now), after training by \(later)")
      } catch {
        faults += 1
        print("! \(name): \(error)")
      }
    }
    print("\(faults) faults")
    if faults > 0 { exit(1) }
  }
}

/// A model with inputs, targets, and what Keras made of them.
private struct Case {
  let model: Model
  let data: [String: Tensor]

  init(_ model: Model, npz path: String) throws {
    self.model = model
    data = try Tensor.read(npz: path)
  }

  private func named(_ letter: String, _ names: [String]) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for (index, name) in names.enumerated() { tensors[name] = data["\(letter)\(index)"] }
    return tensors
  }

  /// Whether Keras trained it on.
  var isTrained: Bool { data["later0"] != nil }

  func differenceAfterTraining(steps: Int) throws -> Float {
    let x = named("x", model.inputNames), y = named("t", model.outputNames)
    for _ in 0..<steps { _ = try model.trainOnBatch(x, y) }
    return try difference(from: "later")
  }

  /// The largest difference of all predictions from Keras', relative to numbers above 1.
  func difference(from letter: String) throws -> Float {
    let predictions = try model.predictByName(named("x", model.inputNames))
    var largest: Float = 0
    for (index, name) in model.outputNames.enumerated() {
      guard let expected = data["\(letter)\(index)"], let found = predictions[name], found.shape == expected.shape else {
        return .infinity
      }
      for (a, b) in zip(found.floats, expected.floats) {
        largest = max(largest, (a - b).isNaN ? .infinity : abs(a - b) / max(1, abs(b)))
      }
    }
    return largest
  }
}
