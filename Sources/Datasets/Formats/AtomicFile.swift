import DeepSwiftEngine
import Foundation

/// A file that is there whole or not at all: written beside its place under another name, flushed to the disk, then moved
/// into its place.
package final class AtomicFile {
  private let descriptor: Int32
  /// The file that is meant, for error messages.
  private let path: String
  /// Bytes since the disk was last told to begin.
  private var waiting = 0

  private init(descriptor: Int32, path: String) { (self.descriptor, self.path) = (descriptor, path) }

  /// Replaces the file at `path` by what `body` appends. Whatever fails, the file that was there stays, and nothing else.
  package static func write(to path: String, _ body: (AtomicFile) throws -> Void) throws {
    let target = try resolved(Files.expanded(path))
    let old = status(target)
    // A device or pipe cannot be replaced, only written to.
    if let old, old.st_mode & S_IFMT != S_IFREG { return try fill(target, O_WRONLY, named: path, body) }

    let folder = (target as NSString).deletingLastPathComponent
    let name = (target as NSString).lastPathComponent
    let draftName = ".\(name.prefix(100)).\(UInt32.random(in: 0 ... .max))\(draftSuffix)"
    let draft = (folder as NSString).appendingPathComponent(draftName)
    do {
      try fill(draft, O_WRONLY | O_CREAT | O_EXCL, named: path, body)
      if let old { chmod(draft, old.st_mode & 0o7777) }
      guard rename(draft, target) == 0 else { throw Files.unwritable(path) }
    } catch {
      unlink(draft)
      throw error
    }
    // The move itself is safe once the folder is on the disk. Not every file system can do that.
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_CLOEXEC)
    if descriptor >= 0 {
      fsync(descriptor)
      close(descriptor)
    }
  }

  /// Writes these bytes behind those that were appended before.
  package func append(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress! + done, min(bytes.count - done, Self.pieceSize))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Files.unwritable(path) }
      done += count
      waiting += count
      guard waiting >= Self.pieceSize else { continue }
      // The disk begins with this piece while the next one is copied: the flush at the end has little left to wait for.
      _ = Self.beginWriting?(descriptor, 0, 0, 2)
      waiting = 0
    }
  }

  /// As many bytes as a disk takes at once without waiting for much else.
  private static let pieceSize = 8 << 20

  /// Linux' `sync_file_range(file, start, length or 0 for all, SYNC_FILE_RANGE_WRITE)`, which Swift's modules leave out. Without it
  /// the flush does all of the work.
  private static let beginWriting = dlsym(nil, "sync_file_range").map {
    unsafeBitCast($0, to: (@convention(c) (Int32, Int64, Int64, UInt32) -> Int32).self)
  }

  package func append(_ bytes: some ContiguousBytes) throws { try bytes.withUnsafeBytes { try append($0) } }

  /// Takes away what processes that were killed while they wrote left in a folder.
  package static func removeDrafts(in folder: String) {
    let folder = Files.expanded(folder)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    where name.hasPrefix(".") && name.hasSuffix(draftSuffix) {
      let draft = (folder as NSString).appendingPathComponent(name)
      let descriptor = open(draft, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
      guard descriptor >= 0 else { continue }
      // Who still writes holds the lock, which ends with its process.
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(draft) }
      close(descriptor)
    }
  }

  private static let draftSuffix = ".part"

  private static func fill(_ file: String, _ flags: Int32, named path: String, _ body: (AtomicFile) throws -> Void) throws {
    let descriptor = open(file, flags | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw Files.unwritable(path) }
    var isOpen = true
    defer { if isOpen { close(descriptor) } }
    if flags & O_CREAT != 0 { flock(descriptor, LOCK_EX | LOCK_NB) }
    try body(AtomicFile(descriptor: descriptor, path: path))
    // Pipes and devices have no disk to wait for.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw Files.unwritable(path) }
    // Some network file systems tell only here that the disk is full.
    isOpen = false
    guard close(descriptor) == 0 else { throw Files.unwritable(path) }
  }

  /// Where a link leads, so that the link stays.
  private static func resolved(_ path: String) throws -> String {
    guard !path.isEmpty else { throw ModelError(.file, "a file needs a name, received an empty path") }
    if let status = status(path), status.st_mode & S_IFMT == S_IFDIR {
      throw ModelError(.file, at: path, "cannot write: this is a folder; add the name of a file")
    }
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }
}
