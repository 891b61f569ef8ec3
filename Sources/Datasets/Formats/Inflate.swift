import CZlib
import DeepSwiftEngine

/// What surrounds a stream of compressed bytes.
package enum CompressedFormat {
  case gzip, zlib, raw

  fileprivate var windowBits: Int32 {
    switch self {
    case .gzip: 31
    case .zlib: 15
    case .raw: -15
    }
  }
}

/// The bytes that `input` was compressed from.
///
/// Damaged input is an error, and so is input that grows without measure: more than 256 MiB and more than 100 times its size,
/// or more than `size` if that is known.
package func inflated(
  _ input: ArraySlice<UInt8>, _ format: CompressedFormat, size: Int? = nil, place: String
) throws -> [UInt8] {
  var stream = z_stream()
  guard ds_inflate_init(&stream, format.windowBits) == Z_OK else {
    throw ModelError(.file, at: place, "zlib could not be started")
  }
  defer { inflateEnd(&stream) }
  let most = size ?? max(256 << 20, input.count.multipliedReportingOverflow(by: 100).partialValue)
  // More than 16 times the input is not reserved on a header's word: from there on the room grows with what arrives.
  var output = [UInt8](repeating: 0, count: min(most, size ?? expectedSize(input, format), input.count * 16) + 1)
  var done = 0
  try input.withUnsafeBytes { source in
    var taken = 0
    while true {
      if done == output.count {
        guard done <= most else {
          throw ModelError.damaged(place, "unpacks to more than the \(most) bytes that are allowed")
        }
        output = extended(output, to: output.count + min(max(output.count, 1 << 16), most + 1 - done))
      }
      let offered = min(source.count - taken, 1 << 30)
      let room = min(output.count - done, 1 << 30)
      let result = output.withUnsafeMutableBytes { target in
        stream.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { ($0 + taken).assumingMemoryBound(to: UInt8.self) })
        stream.avail_in = UInt32(offered)
        stream.next_out = (target.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(room)
        return inflate(&stream, Z_NO_FLUSH)
      }
      taken += offered - Int(stream.avail_in)
      done += room - Int(stream.avail_out)
      switch result {
      case Z_STREAM_END:
        // Gzip files may be written one after the other; zeros may fill up the last block.
        let rest = source[taken...]
        guard format == .gzip, rest.contains(where: { $0 != 0 }) else { return }
        guard inflateReset(&stream) == Z_OK else { throw ModelError(.file, at: place, "zlib could not go on") }
      case Z_OK where taken < source.count || stream.avail_out == 0: continue
      case Z_OK, Z_BUF_ERROR:
        if stream.avail_out == 0 { continue }
        throw ModelError.damaged(place, "is cut off: its compressed data end after \(source.count) bytes")
      default:
        throw ModelError.damaged(place, "has damaged compressed data near byte \(taken)")
      }
    }
  }
  if let size, done != size { throw ModelError.damaged(place, "unpacks to \(done) bytes, expected \(size)") }
  output.removeLast(output.count - done)
  return output
}

/// Whether these bytes begin like a gzip file.
package func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1f, 0x8b]) }

/// The bytes of a file, unpacked if it is a gzip file, whatever its name.
package func readUnpacked(_ path: String) throws -> [UInt8] {
  let bytes = try Files.read(path)
  return isGzip(bytes) ? try inflated(bytes[...], .gzip, place: path) : bytes
}

/// The checksum that zip files carry.
package func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 { bytes.withUnsafeBytes { crc32($0) } }

/// The checksum of bytes that stand behind others, whose checksum is given.
package func crc32(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
  // Without bytes zlib would begin anew.
  guard let start = bytes.baseAddress, !bytes.isEmpty else { return sum }
  return UInt32(crc32_z(UInt(sum), start.assumingMemoryBound(to: UInt8.self), bytes.count))
}

/// `input` compressed.
package func deflated(_ input: [UInt8], _ format: CompressedFormat, level: Int32 = 6) -> [UInt8] {
  var stream = z_stream()
  precondition(ds_deflate_init(&stream, level, format.windowBits) == Z_OK, "zlib could not be started")
  defer { deflateEnd(&stream) }
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(input.count))) + 32)
  var (taken, done) = (0, 0)
  var result = Z_OK
  input.withUnsafeBytes { source in
    output.withUnsafeMutableBytes { target in
      while result == Z_OK {
        let offered = min(source.count - taken, 1 << 30)
        let room = min(target.count - done, 1 << 30)
        stream.next_in = UnsafeMutablePointer(
          mutating: source.baseAddress.map { ($0 + taken).assumingMemoryBound(to: UInt8.self) })
        stream.avail_in = UInt32(offered)
        stream.next_out = (target.baseAddress! + done).assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(room)
        result = deflate(&stream, offered == source.count - taken ? Z_FINISH : Z_NO_FLUSH)
        taken += offered - Int(stream.avail_in)
        done += room - Int(stream.avail_out)
      }
    }
  }
  precondition(result == Z_STREAM_END, "zlib could not compress \(input.count) bytes")
  output.removeLast(output.count - done)
  return output
}

/// A longer array that begins with these bytes; what follows them is not set to anything.
private func extended(_ bytes: [UInt8], to count: Int) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
    bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(buffer).copyMemory(from: $0) }
    initialized = count
  }
}

/// The size that the end of a gzip file tells (of its last part, modulo 4 GiB), four times the input for other formats.
private func expectedSize(_ input: ArraySlice<UInt8>, _ format: CompressedFormat) -> Int {
  guard format == .gzip, input.count >= 18 else { return input.count * 4 }
  return input.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
}
