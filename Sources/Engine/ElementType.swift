/// What a tensor's numbers are stored as.
public enum ElementType: String, Codable, Sendable, CaseIterable {
  /// Bytes, whole numbers of 32 bits, and numbers with a fraction in 32 bits.
  case uint8, int32, float32

  /// Bytes that one element takes.
  public var size: Int { self == .uint8 ? 1 : 4 }
}
