import Foundation

/// A disk of few bytes in memory, mounted in a folder of its own until it is let go.
package final class SmallDisk {
  /// Mounting takes root, which `Scripts/full-disk` has or becomes.
  package static let canBeMounted: Bool = (try? SmallDisk(byteCount: pageSize)) != nil
  /// A file takes whole pages.
  package static let pageSize = 4096

  private let url: URL
  private static let filler = "filler"

  package init(byteCount: Int) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("disk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    guard getuid() == 0, mount("tmpfs", url.path, "tmpfs", 0, "size=\(byteCount)") == 0 else {
      rmdir(url.path)
      throw CocoaError(.fileWriteNoPermission)
    }
  }

  deinit {
    let lazily: Int32 = 2  // MNT_DETACH: a number here, a case of an enumeration there
    umount2(url.path, lazily)
    rmdir(url.path)
  }

  package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// What is on the disk, but for what fills it.
  package var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).filter { $0 != Self.filler }.sorted()
  }

  /// Fills the disk up, but for so many pages.
  package func fill(leaving pages: Int) throws {
    free()
    var status = statvfs()
    guard statvfs(url.path, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
    let free = Int(status.f_bavail) * Int(status.f_frsize)
    try Data(count: max(0, free - pages * Self.pageSize)).write(to: url.appendingPathComponent(Self.filler))
  }

  /// Takes away what fills the disk.
  package func free() { unlink(path(Self.filler)) }
}
