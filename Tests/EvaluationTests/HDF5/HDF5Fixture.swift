import DeepSwift
import DeepSwiftEvaluation
import Foundation
import TestSupport
import Testing

/// The files that h5py and Keras wrote, and what h5py found in them.
enum HDF5Fixture {
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .path + "/Fixtures/hdf5"

  static func read(_ name: String) throws -> HDF5Group { try HDF5.read("\(folder)/\(name)") }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
  }

  static let expected: Fixture = {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json")),
      let value = try? JSONSerialization.jsonObject(with: data)
    else { preconditionFailure("expected.json is missing or broken") }
    return Fixture(value)
  }()

  static let names = expected.keys
}

/// The text of the `ModelError` that `body` throws.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch let error as ModelError {
    return error.description
  } catch {
    return "not a ModelError: \(error)"
  }
}
