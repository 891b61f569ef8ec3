import DeepSwiftEngine
import Foundation

/// Whole files as bytes. What the system refuses is thrown as a `ModelError` that names the file.
package enum Files {
  package static func read(_ path: String) throws -> [UInt8] {
    let path = expanded(path)
    var status = stat()
    guard stat(path, &status) == 0 else { throw systemError(path) }
    // A pipe would make `open` wait for ever.
    guard status.st_mode & S_IFMT == S_IFREG else { throw ModelError(.file, at: path, "is not a file") }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw systemError(path) }
    defer { close(file) }
    return try [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while count < buffer.count {
        let read = Foundation.read(file, buffer.baseAddress! + count, buffer.count - count)
        if read < 0 && errno == EINTR { continue }
        if read < 0 { throw systemError(path) }
        if read == 0 { break }
        count += read
      }
    }
  }

  /// Writes a file in one piece: it is either the old one or the new one, whatever happens in between.
  package static func write(_ bytes: [UInt8], to path: String) throws {
    let path = expanded(path)
    let url = URL(fileURLWithPath: path)
    let temporary = url.deletingLastPathComponent().path + "/.\(url.lastPathComponent).\(UUID().uuidString)"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw systemError(path) }
    var isOpen = true
    do {
      try bytes.withUnsafeBytes { buffer in
        var done = 0
        while done < buffer.count {
          let written = Foundation.write(file, buffer.baseAddress! + done, buffer.count - done)
          if written < 0 && errno == EINTR { continue }
          if written < 0 { throw systemError(path) }
          done += written
        }
      }
      guard fsync(file) == 0 else { throw systemError(path) }
      isOpen = false
      guard close(file) == 0, rename(temporary, path) == 0 else { throw systemError(path) }
    } catch {
      if isOpen { close(file) }
      unlink(temporary)
      throw error
    }
  }

  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: expanded(path)) }

  /// The path with `~` replaced by the home folder.
  package static func expanded(_ path: String) -> String {
    path.hasPrefix("~") ? NSString(string: path).expandingTildeInPath : path
  }

  package static func systemError(_ path: String) -> ModelError {
    ModelError(.file, at: path, String(cString: strerror(errno)))
  }
}
