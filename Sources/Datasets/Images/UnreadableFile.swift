import DeepSwiftEngine

/// A picture that could not be decoded.
public struct UnreadableFile: Hashable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Why it cannot be read.
  public let reason: String

  public var description: String { "\(path): \(reason)" }

  init(_ path: String, _ error: any Error) {
    self.path = path
    reason = (error as? ModelError)?.message ?? "\(error)"
  }
}

extension Array where Element == UnreadableFile {
  /// One line for each file.
  var listed: String {
    let most = 200
    return prefix(most).map { "\n  \($0)" }.joined() + (count > most ? "\n  and \(count - most) more; check() lists all" : "")
  }
}
