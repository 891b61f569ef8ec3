import DeepSwift
import DeepSwiftEngine
import DeepSwiftTraining
import Foundation
import Testing

@Suite struct WeightFileTests {
  static let ends = [".safetensors", ".npz", ".weights.h5"]

  @Test(arguments: ends) func whatIsSavedIsLoaded(_ end: String) throws {
    let folder = try TemporaryFolder(), path = folder.path("w\(end)")
    let model = try SmallModels.network(), other = try SmallModels.network(seed: 6)
    #expect(model.weights.all != other.weights.all)
    try model.saveWeights(to: path)
    let report = try other.loadWeights(from: path)
    #expect(model.weights.all == other.weights.all)
    #expect(report.isComplete && report.loaded == model.weights.names)
    #expect(report.description == "\(model.weights.names.count) weights loaded")
    // The order of the file is the model's, too.
    let third = try SmallModels.network(seed: 7)
    try third.loadWeights(from: path, matching: .order)
    #expect(model.weights.all == third.weights.all)
  }

  @Test func aWholeModelHasWeights() throws {
    let folder = try TemporaryFolder(), path = folder.path("a.safetensors")
    let model = try SmallModels.regressor(), other = try SmallModels.regressor(seed: 6)
    try model.fit(SmallModels.x, SmallModels.y, verbose: .silent)
    try model.save(to: path)
    try other.loadWeights(from: path)
    #expect(model.weights.all == other.weights.all)
  }

  @Test func differencesAreNamedAndAllowedOneByOne() throws {
    let folder = try TemporaryFolder(), path = folder.path("w.safetensors")
    let model = try SmallModels.regressor()
    let before = model.weights.all
    var tensors = before
    tensors["dense/kernel"] = Tensor.zeros([4, 7])
    tensors["dense/bias"] = nil
    tensors["dense_1/bias"] = Tensor([3.0])
    tensors["more"] = Tensor(1)
    try Tensor.write(safetensors: path, tensors)
    #expect(
      spoken { try model.loadWeights(from: path) } == """
        \(path): the weights do not fit the model, and none was changed.
        missing in the file: "dense/bias"
        unknown to the model: "more"
        of another shape: "dense/kernel" is [4, 6] in the model, [4, 7] in the file
        Build the model as it was when the file was written, or load what fits with allowing: [.missing, .unexpected, .shapeMismatch].
        """)
    #expect(
      spoken { try model.loadWeights(from: path, allowing: [.missing, .unexpected]) }.contains("allowing: [.shapeMismatch]"))
    #expect(model.weights.all == before)

    let report = try model.loadWeights(from: path, allowing: [.missing, .unexpected, .shapeMismatch])
    #expect(report.missing == ["dense/bias"] && report.unexpected == ["more"])
    #expect(report.mismatched.map(\.name) == ["dense/kernel"])
    #expect(report.mismatched.first?.expected == [4, 6] && report.mismatched.first?.found == [4, 7])
    #expect(!report.isComplete && report.description.hasPrefix("\(before.count - 2) weights loaded\nmissing"))
    var expected = before
    expected["dense_1/bias"] = Tensor([3.0])
    #expect(model.weights.all == expected)
  }

  @Test func otherNamesLoadInOrder() throws {
    let folder = try TemporaryFolder(), path = folder.path("w.npz")
    let model = try SmallModels.regressor(), other = try SmallModels.regressor(seed: 6)
    let renamed = model.weights.names.enumerated().map { (name: "w\($0)", tensor: model.weights.all[$1]!) }
    try Tensor.write(npz: path, inOrder: renamed)
    #expect(spoken { try other.loadWeights(from: path) }.hasSuffix("or with matching: .order if only the names differ."))
    try other.loadWeights(from: path, matching: .order)
    #expect(model.weights.all == other.weights.all)
    try Tensor.write(npz: path, inOrder: renamed.dropLast() + [(name: "x", tensor: Tensor(1)), (name: "y", tensor: Tensor(1))])
    #expect(spoken { try other.loadWeights(from: path, matching: .order) }.contains("unknown to the model: \"y\""))
    #expect(model.weights.all == other.weights.all)
  }

  /// A file that is broken in its last tensor must not have changed the first.
  @Test func nothingChangesBeforeAllIsRead() throws {
    let folder = try TemporaryFolder(), path = folder.path("w.safetensors")
    let model = try SmallModels.regressor(), before = model.weights.all
    let json = #"{"dense_1/bias":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#
    var bytes = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Data($0) } + Data(json.utf8)
    bytes += Data(repeating: 0x7f, count: 8)
    try bytes.write(to: URL(fileURLWithPath: path))
    #expect(spoken { try model.loadWeights(from: path, allowing: .missing) }.contains("does not fit into int32"))
    #expect(model.weights.all == before)
  }
}
