/// The shape of an array; an attribute or data set may have none, and no value then.
struct HDF5Dataspace {
  /// `nil` where there is no value at all.
  var shape: [Int]?
  /// The shape that the array may grow to, `nil` for an axis without a limit.
  var most: [Int?] = []

  init(_ message: HDF5Block) throws {
    var block = message
    let reader = block.reader
    let version = try block.expectVersion(1...2)
    let rank = try block.integer(1), flags = try block.integer(1)
    guard rank <= 32 else { throw reader.damaged("an array has \(rank) axes") }
    if version == 1 {
      _ = try block.take(5)
    } else if try block.integer(1) == 2 {
      shape = nil
      return
    }
    let shape = try (0..<rank).map { _ in try block.length() }
    self.shape = shape
    most = shape
    if flags & 1 != 0 {
      let width = reader.file.superblock.lengthSize
      most = try shape.map { length in
        let most = try block.unsigned(width)
        if most == UInt64.max >> UInt64(64 - width * 8) { return nil }
        guard let most = Int(exactly: most), most >= length else {
          throw reader.damaged("an axis of length \(length) may have \(most) at most")
        }
        return most
      }
    }
  }
}

/// `a · b · …`, an error where that is more than any file can hold. An axis of no length does not hide the others.
func checkedProduct(_ factors: [Int], _ reader: HDF5Reader) throws -> Int {
  var product = 1
  for factor in factors where factor > 0 {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    guard !overflow else { throw reader.damaged("it claims the impossible size \(factors)") }
    product = next
  }
  return factors.contains(0) ? 0 : product
}
