import DeepSwiftEngine
import Foundation

/// The files of CIFAR's binary version, in a folder or in the archive that they come in.
///
/// A record is one or two bytes of labels and 3072 of pixels: the red values of all 32 × 32, then the green, then the blue.
package struct CIFARFiles {
  private enum Source {
    case folder(String)
    case archive(TarArchive)
  }

  private let source: Source
  private let place: String

  /// `path` is the folder, one of the files in it, or the archive, gzipped or not.
  package init(at path: String) throws {
    place = path
    if path.hasSuffix(".bin") {
      source = .folder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    } else if path.hasSuffix(".gz") || path.hasSuffix(".tar") {
      source = .archive(try TarArchive(readUnpacked(path), place: path))
    } else {
      source = .folder(path)
    }
  }

  /// The images `[count, 32, 32, 3]` of some files, one after the other, and their labels: `int32` of `[count]`, or of
  /// `[count, labelBytes]` if there are several each.
  package func read(_ names: [String], labelBytes: Int) throws -> (images: Tensor, labels: Tensor) {
    let recordSize = labelBytes + 3072
    let parts = try names.map { name in
      let bytes = try contents(of: name)
      guard bytes.count > 0, bytes.count % recordSize == 0 else {
        throw ModelError(
          .file, at: "\(place), \(name)",
          "has \(bytes.count) bytes, which are no whole number of records of \(recordSize)")
      }
      return bytes
    }
    let count = parts.reduce(0) { $0 + $1.count } / recordSize
    var labels: [Int32] = []
    labels.reserveCapacity(count * labelBytes)
    let images = Tensor(shape: [count, 32, 32, 3], elementType: .uint8) { target in
      var pixels = target.assumingMemoryBound(to: UInt8.self).baseAddress!
      for part in parts {
        part.withUnsafeBufferPointer { bytes in
          for record in stride(from: 0, to: bytes.count, by: recordSize) {
            for i in 0..<labelBytes { labels.append(Int32(bytes[record + i])) }
            let planes = bytes.baseAddress! + record + labelBytes
            for i in 0..<1024 {
              for channel in 0..<3 { pixels[i * 3 + channel] = planes[channel * 1024 + i] }
            }
            pixels += 3072
          }
        }
      }
    }
    return (images, Tensor(labels, shape: labelBytes == 1 ? [count] : [count, labelBytes]))
  }

  private func contents(of name: String) throws -> ArraySlice<UInt8> {
    switch source {
    case .folder(let folder): return try Files.read("\(folder)/\(name)")[...]
    case .archive(let archive):
      guard let file = archive.files.first(where: { $0.name == name || $0.name.hasSuffix("/" + name) }) else {
        throw ModelError(.file, at: place, "holds no file \(name), only \(archive.files.map(\.name).sorted())")
      }
      return file.contents
    }
  }
}
