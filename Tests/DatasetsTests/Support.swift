import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

/// The folder of files that tests read.
let fixtures =
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().path + "/Fixtures"

extension Trait where Self == ConditionTrait {
  /// JPEG files are read by a library that machines may lack; `Scripts/test` installs it, so that these tests run there.
  static var needsTurboJPEG: Self { .enabled(if: TurboJPEG.isInstalled, "libturbojpeg0 is not installed") }
}

/// Runs `body` with a new folder, which is removed afterwards.
func withTemporaryFolder<Result>(_ body: (_ folder: String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory.path + "/deepswift-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try body(folder)
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

/// An IDX file of unsigned bytes.
func idxFile(_ shape: [Int], _ values: [UInt8]) -> [UInt8] {
  var bytes: [UInt8] = [0, 0, 8, UInt8(shape.count)]
  for length in shape { bytes += withUnsafeBytes(of: UInt32(length).bigEndian) { Array($0) } }
  return bytes + values
}

/// A tar archive, as `tar --format=ustar` writes it.
func tarFile(_ files: [(name: String, contents: [UInt8])], kind: Character = "0") -> [UInt8] {
  var bytes: [UInt8] = []
  for (name, contents) in files {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at position: Int) {
      for (i, byte) in text.utf8.enumerated() { header[position + i] = byte }
    }
    let octal = String(contents.count, radix: 8)
    put(name, at: 0)
    put(String(repeating: "0", count: 11 - octal.count) + octal, at: 124)
    put("        ", at: 148)
    put(String(kind), at: 156)
    put("ustar", at: 257)
    let sum = String(header.reduce(0) { $0 + Int($1) }, radix: 8)
    put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", at: 148)
    bytes += header + contents + [UInt8](repeating: 0, count: (512 - contents.count % 512) % 512)
  }
  return bytes + [UInt8](repeating: 0, count: 1024)
}
