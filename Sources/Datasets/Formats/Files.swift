import DeepSwiftEngine
import Foundation

extension ModelError {
  /// A file that is not whole, or not what it should be.
  package static func damaged(_ place: String, _ what: String) -> ModelError {
    ModelError(.file, at: place, "\(what). Download it or write it again.")
  }
}

/// Whole files as bytes. What the system refuses is thrown as a `ModelError` that names the file and a remedy.
package enum Files {
  package static func read(_ path: String) throws -> [UInt8] {
    try withRegularFile(path) { file, size in
      try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < buffer.count {
          let read = Foundation.read(file, buffer.baseAddress! + count, buffer.count - count)
          if read < 0 && errno == EINTR { continue }
          if read < 0 { throw unreadable(path) }
          if read == 0 { break }
          count += read
        }
      }
    }
  }

  /// The bytes of a file where the disk has them: nothing is read before it is looked at.
  ///
  /// A file that is replaced meanwhile (as all writes here do it) keeps its old contents for who has it open.
  package static func map(_ path: String) throws -> Storage {
    try withRegularFile(path) { file, size in
      // Nothing cannot be mapped.
      guard size > 0 else { return Storage(byteCount: 0) }
      guard let bytes = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), bytes != MAP_FAILED else { throw unreadable(path) }
      return Storage(bytes: bytes, byteCount: size) { munmap($0, size) }
    }
  }

  /// Writes a file in one piece: it is either the old one or the new one, whatever happens in between.
  package static func write(_ bytes: some ContiguousBytes, to path: String) throws {
    try AtomicFile.write(to: path) { try $0.append(bytes) }
  }

  /// Writes the parts of a file one behind the other, in the same way.
  package static func write(_ pieces: [FilePiece], to path: String) throws {
    try AtomicFile.write(to: path) { file in
      for piece in pieces { try piece.withUnsafeBytes { try file.append($0) } }
    }
  }

  package static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: expanded(path)) }

  /// The path with `~` replaced by the home folder.
  package static func expanded(_ path: String) -> String {
    path.hasPrefix("~") ? NSString(string: path).expandingTildeInPath : path
  }

  private static func withRegularFile<Result>(_ path: String, _ body: (_ file: Int32, _ size: Int) throws -> Result) throws
    -> Result
  {
    let expanded = expanded(path)
    var status = stat()
    guard stat(expanded, &status) == 0 else { throw unreadable(path) }
    // A pipe would make `open` wait for ever.
    guard status.st_mode & S_IFMT == S_IFREG else { throw ModelError(.file, at: path, "is not a file. Add the name of one.") }
    let file = open(expanded, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path) }
    defer { close(file) }
    guard fstat(file, &status) == 0 else { throw unreadable(path) }
    return try body(file, Int(status.st_size))
  }

  /// What the system has just said to an attempt to read.
  package static func unreadable(_ path: String) -> ModelError {
    systemError(path, "cannot read", whereMissing: "check the path; the current folder is \(currentFolder)")
  }

  /// What the system has just said to an attempt to write.
  package static func unwritable(_ path: String) -> ModelError {
    systemError(path, "cannot write", whereMissing: "create its folder first; the current one is \(currentFolder)")
  }

  private static func systemError(_ path: String, _ action: String, whereMissing: String) -> ModelError {
    let code = errno
    let remedy =
      switch code {
      case ENOENT where path.contains("\u{FFFD}"): "its name is not written in UTF-8, so rename it"
      case ENOENT, ENOTDIR: whereMissing
      case EACCES, EPERM, EROFS: "choose a place where this program may do so"
      case ENOSPC, EDQUOT, EFBIG: "free some space or choose another disk"
      default: "choose another place"
      }
    return ModelError(.file, at: path, "\(action): \(String(cString: strerror(code))); \(remedy)")
  }

  private static var currentFolder: String { FileManager.default.currentDirectoryPath }
}
