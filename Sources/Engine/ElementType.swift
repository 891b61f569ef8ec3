/// What a tensor's numbers are stored as.
public enum ElementType: String, Codable, Sendable, CaseIterable {
  case uint8, int32, float32

  /// Bytes that one element takes.
  public var size: Int { self == .uint8 ? 1 : 4 }
}
