import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@testable import DeepSwiftEvaluation

/// What is said of files that are not there, not whole, or not what they should be: which file, what is wrong with it, and what
/// to do.
@Suite struct BadCallsTests {
  private static let names = ["m.keras", "m.safetensors", "w.weights.h5", "w.safetensors", "w.npz"]
  private let folder: TemporaryFolder, model: Sequential

  /// Sound files in a folder of their own.
  init() throws {
    folder = try TemporaryFolder()
    model = try SmallModels.regressor()
    for name in Self.names {
      if name.hasPrefix("m") { try model.save(to: folder.path(name)) } else { try model.saveWeights(to: folder.path(name)) }
    }
  }

  private func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
  }

  private func said(of name: String) -> String {
    spoken {
      if name.hasPrefix("m") {
        _ = try Model.load(from: folder.path(name))
      } else {
        try model.loadWeights(from: folder.path(name))
      }
    }
  }

  @Test(arguments: names) func filesThatAreNone(_ name: String) throws {
    let place = folder.path(name), whole = try Files.read(place)
    let cut = [0, 3, 50, whole.count / 2, whole.count - 1].map { Array(whole.prefix($0)) }
    for bytes in cut + [Array("Not what it is called.".utf8), [UInt8](repeating: 0, count: 5000)] {
      try write(name, bytes)
      let said = said(of: name)
      #expect(said.hasPrefix("\(place): is ") && said.hasSuffix("rite it again."), "\(said)")
    }
    try FileManager.default.removeItem(atPath: place)
    #expect(said(of: name).hasPrefix("\(place): cannot read: No such file or directory; check the path; the current folder is /"))
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    #expect(said(of: name) == "\(place): is not a file. Add the name of one.")
  }

  @Test(
    arguments: [
      ("", ", config.json: is not valid JSON: it ends too early at byte 0. Download it or write it again."),
      ("{}", ": a model is expected, found {}. Save it again with model.save."),
      (
        nil,
        ": is no model of Keras 3: it has no config.json, only [\"model.weights.h5\"]. Save it with model.save(\"name.keras\")."
      ),
    ] as [(String?, String)])
  func configurationsThatAreNone(_ text: String?, _ message: String) throws {
    var zip = ZipWriter()
    if let text { zip.add("config.json", Array(text.utf8)) }
    zip.add("model.weights.h5", try HDF5.write(KerasWeights.group(of: model, name: "m")))
    try write("m.keras", zip.finished(place: ""))
    #expect(said(of: "m.keras") == folder.path("m.keras") + message)
  }

  @Test func aConfigurationOfOtherWeights() throws {
    let path = folder.path("m.keras"), file = try KerasFile(Files.map(path), place: path)
    let text = try file.configuration().text.replacing("\"units\": 6", with: "\"units\": 7")
    var zip = ZipWriter()
    zip.add("config.json", Array(text.utf8))
    zip.add("model.weights.h5", try HDF5.write(KerasWeights.group(of: model, name: "m")))
    try write("m.keras", zip.finished(place: ""))
    let said = said(of: "m.keras")
    #expect(
      said.hasPrefix("\(path), model.weights.h5: the weights do not fit the model that the file describes.\ndense (Dense): "))
    #expect(said.contains("kernel has shape [4, 7], in the file [4, 6]") && said.contains("Save the model again"))
  }

  @Test func placesThatCannotBe() throws {
    func said(_ path: String) -> String { spoken { try model.save(to: path) } }
    let none = folder.path("none/m.keras"), inFile = folder.path("m.keras/x.keras"), long = String(repeating: "x", count: 300)
    #expect(
      said(none).hasPrefix("\(none): cannot write: No such file or directory; create its folder first; the current one is /"))
    #expect(said(inFile).hasPrefix("\(inFile): cannot write: Not a directory; create its folder first"))
    #expect(said(folder.path("\(long).keras")).hasSuffix("cannot write: File name too long; choose another place"))
    let wrongEnd = "the end of the name tells the format; it can be .keras, .safetensors"
    #expect(said("a.txt") == "a.txt: \(wrongEnd)")
    #expect(said("a.h5") == "a.h5: \(wrongEnd). .h5 is only read")
    #expect(said("a.npz") == "a.npz: \(wrongEnd). .npz is for weights alone: saveWeights(to:) and loadWeights(from:)")
    #expect(
      spoken { _ = try Model.load(from: folder.path("w.weights.h5")) }
        .hasSuffix(", .h5. .weights.h5 is for weights alone: saveWeights(to:) and loadWeights(from:)"))
    #expect(
      spoken { try model.saveWeights(to: "a.keras") }
        .hasSuffix(". .keras is for whole models: save(to:) and Model.load(from:)"))
  }

  @Test(arguments: names) func weightsOfAnotherModel(_ name: String) throws {
    let other = Sequential {
      Input(shape: [4])
      Dense(3, name: "one")
      Dense(2, name: "two")
    }
    let said = spoken { try other.loadWeights(from: folder.path(name)) }
    #expect(said.hasPrefix("\(folder.path(name)): the weights do not fit the model, and none was changed.\n"), "\(said)")
    #expect(said.contains("one/kernel") && said.contains("with allowing: ["))
  }
}
