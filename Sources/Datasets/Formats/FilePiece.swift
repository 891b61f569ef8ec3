import DeepSwiftEngine

/// A part of a file to be written: a tensor stands for the bytes of its elements, which are not copied.
package enum FilePiece: Sendable {
  case bytes([UInt8])
  case tensor(Tensor)

  package var count: Int {
    switch self {
    case .bytes(let bytes): bytes.count
    case .tensor(let tensor): tensor.count * tensor.elementType.size
    }
  }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .bytes(let bytes): try bytes.withUnsafeBytes(body)
    case .tensor(let tensor): try tensor.withUnsafeBytes(body)
    }
  }
}
