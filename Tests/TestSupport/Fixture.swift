import DeepSwift
import Foundation

/// A piece of what real Keras computed, as it stands in a file of `Tests/Fixtures/keras`; its README tells what means what.
///
/// Nothing changes it after it was read, so that tests on several threads may look into it.
package struct Fixture: @unchecked Sendable {
  package let value: Any

  /// The file of that name: `Fixture(file: "layers/dense")`.
  package init(file name: String) {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appendingPathComponent("Fixtures/keras/\(name).json")
    guard let data = try? Data(contentsOf: file), let value = try? JSONSerialization.jsonObject(with: data) else {
      preconditionFailure("\(file.path) is missing or broken")
    }
    self.value = value
  }

  package init(_ value: Any) { self.value = value }

  /// The names of all files in a folder of fixtures: `layers/dense`.
  package static func files(in folder: String) -> [String] {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: tests.path + "/Fixtures/keras/\(folder)")) ?? []
    return names.filter { $0.hasSuffix(".json") }.map { "\(folder)/\($0.dropLast(5))" }.sorted()
  }

  /// What has this name, if anything but `null` has.
  package subscript(_ name: String) -> Fixture? {
    guard let found = (value as? [String: Any])?[name], !(found is NSNull) else { return nil }
    return Fixture(found)
  }

  package func callAsFunction(_ name: String) -> Fixture {
    guard let found = self[name] else { preconditionFailure("there is no \"\(name)\" in \(text.prefix(200))") }
    return found
  }

  package var keys: [String] { (value as? [String: Any])?.keys.sorted() ?? [] }
  package var isObject: Bool { value is [String: Any] }
  package var isList: Bool { value is [Any] }
  package var list: [Fixture] { (value as? [Any])?.map(Fixture.init) ?? [] }
  package var string: String? { value as? String }
  package var double: Double { (value as? NSNumber)?.doubleValue ?? (value as? Double) ?? .nan }
  package var float: Float { Float(double) }
  /// `null`, the length of the batch axis, is -1.
  package var int: Int { value is NSNull ? -1 : Int(double) }
  package var bool: Bool { (value as? NSNumber)?.boolValue ?? (value as? Bool) ?? false }
  package var doubles: [Double] { list.map(\.double) }
  package var ints: [Int] { list.map(\.int) }
  package var strings: [String] { list.compactMap(\.string) }
  /// The values by name, each a list of numbers or a number.
  package var columns: [String: [Double]] {
    Dictionary(uniqueKeysWithValues: keys.map { ($0, self($0).isList ? self($0).doubles : [self($0).double]) })
  }

  /// An array: `{"shape": […], "values": […]}`.
  package var tensor: Tensor {
    let shape = Shape(self("shape").ints), values = self("values").doubles
    switch self["type"]?.string {
    case "int32": return Tensor(values.map { Int32($0) }, shape: shape)
    case "uint8": return Tensor(values.map { UInt8($0) }, shape: shape)
    default: return Tensor(values.map { Float($0) }, shape: shape)
    }
  }

  package var numbers: [Double] { self("values").doubles }

  /// As JSON, to name a case where a test fails.
  package var text: String {
    guard JSONSerialization.isValidJSONObject(value),
      let data = try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
    else { return "\(value)" }
    return String(decoding: data, as: UTF8.self)
  }
}

/// How far `found` is from `expected` at most, relative to the largest number that is expected. Infinite where lengths differ
/// or a number is none.
///
/// - Parameter floor: where all that is expected is smaller, distances are relative to this.
package func distance(_ found: some Sequence<Float>, _ expected: [Double], floor: Double = 1e-3) -> Double {
  let found = found.map(Double.init)
  guard found.count == expected.count else { return .infinity }
  let largest = expected.reduce(0) { max($0, $1.magnitude) }
  let farthest = zip(found, expected).reduce(0.0) { far, pair in
    let difference = (pair.0 - pair.1).magnitude
    return difference.isNaN ? .infinity : max(far, difference)
  }
  return farthest / max(largest, floor)
}

package func distance(_ found: [Double], _ expected: [Double]) -> Double { distance(found.map { Float($0) }, expected) }
