import DeepSwiftEngine
import Foundation

/// Files that are there whole or not at all: written beside their place under another name, then moved into it.
package enum AtomicFile {
  package static func write(_ data: Data, to path: String) throws {
    let target = try resolved(path)
    // A device or pipe cannot be replaced, only written to.
    if let kind = kind(target), kind != S_IFREG { return try fill(target, with: data, flags: O_WRONLY, named: path) }

    let folder = (target as NSString).deletingLastPathComponent
    let name = (target as NSString).lastPathComponent
    let draftName = ".\(name.prefix(100)).\(UInt32.random(in: 0 ... .max)).part"
    let draft = (folder as NSString).appendingPathComponent(draftName)
    do {
      try fill(draft, with: data, flags: O_WRONLY | O_CREAT | O_EXCL, named: path)
      guard rename(draft, target) == 0 else { throw failure(path) }
    } catch {
      unlink(draft)
      throw error
    }
    // The move itself is safe once the folder is on disk. Not every file system can do that.
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  package static func read(_ path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      let reason = FileManager.default.fileExists(atPath: path) ? "cannot be read" : "there is no such file"
      throw ModelError(.file, at: path, "\(reason); check the path, the current folder is \(currentFolder)")
    }
  }

  private static func fill(_ file: String, with data: Data, flags: Int32, named path: String) throws {
    let descriptor = open(file, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    try data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw failure(path) }
        done += count
      }
    }
    // Pipes and devices have no disk to wait for.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw failure(path) }
  }

  /// Where a link leads, so that the link stays.
  private static func resolved(_ path: String) throws -> String {
    guard !path.isEmpty else { throw ModelError(.file, "a file needs a name, received an empty path") }
    if kind(path) == S_IFDIR {
      throw ModelError(.file, at: path, "cannot write: this is a folder; add the name of a file")
    }
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func kind(_ path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func failure(_ path: String) -> ModelError {
    let code = errno
    let remedy =
      switch code {
      case ENOENT, ENOTDIR: "create its folder first; the current one is \(currentFolder)"
      case EACCES, EPERM, EROFS: "choose a folder that you may write to"
      case ENOSPC, EDQUOT: "free some space or choose another disk"
      default: "choose another place"
      }
    return ModelError(.file, at: path, "cannot write: \(String(cString: strerror(code))); \(remedy)")
  }

  private static var currentFolder: String { FileManager.default.currentDirectoryPath }
}
