import DeepSwiftEngine
import Foundation

/// Where the files of a well-known data set are looked for, and fetched from if they are nowhere.
///
/// In this order: the folder in the environment variable `DEEPSWIFT_DATA`, the system's folders, the cache
/// (`$XDG_CACHE_HOME/deepswift`, else `~/.cache/deepswift`), and the network, from where they go into the cache.
package struct DataFolder {
  /// The folder in the cache, `fashion-mnist`.
  package var name: String
  /// Other names that people give such a folder.
  package var otherNames: [String] = []
  package var systemFolders: [String] = []
  /// Addresses of folders that hold the files.
  package var mirrors: [String]
  package var environment: [String: String] = ProcessInfo.processInfo.environment

  /// A file of the data set.
  package struct File {
    /// Its name on the mirrors.
    package var name: String
    /// Other names, or folders, that serve as well.
    package var otherNames: [String] = []
    /// Of the contents, which are unpacked first if it is a gzip file and `isDigestOfContents`: mirrors compress anew.
    package var sha256: String
    package var isDigestOfContents = false

    package init(name: String, otherNames: [String] = [], sha256: String, isDigestOfContents: Bool = false) {
      self.name = name
      self.otherNames = otherNames
      self.sha256 = sha256
      self.isDigestOfContents = isDigestOfContents
    }
  }

  package init(
    name: String, otherNames: [String] = [], systemFolders: [String] = [], mirrors: [String],
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    self.name = name
    self.otherNames = otherNames
    self.systemFolders = systemFolders
    self.mirrors = mirrors
    self.environment = environment
  }

  /// Where the file, or one that serves as well, lies on this machine; it is downloaded if it does not.
  package func path(of file: File) throws -> String {
    let folders = ownFolders + systemFolders + [cache]
    for folder in folders {
      for name in [file.name] + file.otherNames where Files.exists("\(folder)/\(name)") { return "\(folder)/\(name)" }
    }
    let target = "\(cache)/\(file.name)"
    do {
      try Downloader(addresses: mirrors.map { $0 + file.name }, target: target) { try check($0, file) }.run()
    } catch let error as ModelError {
      throw ModelError(
        .file, at: "\(name)/\(file.name)",
        "is not on this machine and could not be downloaded. Put it into \(cache), or set DEEPSWIFT_DATA to a folder that has "
          + "it. (\(error.message))")
    }
    return target
  }

  private func check(_ path: String, _ file: File) throws {
    let bytes = try file.isDigestOfContents ? readUnpacked(path) : Files.read(path)
    let digest = sha256(bytes)
    guard digest == file.sha256 else {
      throw ModelError(.file, "the file is not the right one: its SHA-256 is \(digest), expected \(file.sha256)")
    }
  }

  private var cache: String {
    let home = environment["HOME"] ?? NSHomeDirectory()
    let caches = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
    return "\(caches)/deepswift/\(name)"
  }

  /// What `DEEPSWIFT_DATA` names: the folder itself, and the data set's own in it, which is preferred.
  private var ownFolders: [String] {
    guard let folder = environment["DEEPSWIFT_DATA"], !folder.isEmpty else { return [] }
    return ([name] + otherNames).map { "\(folder)/\($0)" } + [folder]
  }
}
