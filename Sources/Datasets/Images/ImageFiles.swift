import DeepSwiftEngine
import Foundation

/// The pictures below a folder, and what class each belongs to.
struct ImageFiles {
  var paths: [String] = []
  var labels: [Int] = []
  var classNames: [String] = []
  /// How many files end like pictures of formats that are not read.
  var unread: [String: Int] = [:]

  /// - Parameters:
  ///   - hasClasses: whether each subfolder is a class; all files below the folder are taken otherwise.
  ///   - classNames: the classes and their order; all subfolders by name if `nil`.
  init(
    in folder: String, hasClasses: Bool, classNames: [String]?, extensions: [String], followLinks: Bool
  ) throws {
    let entries = try Folder.entries(folder)
    guard hasClasses else {
      guard classNames == nil else {
        throw ModelError(.argument, at: folder, "classNames are given, but labelMode .none asks for pictures without classes")
      }
      paths = try Folder.files(below: folder, extensions, followLinks: followLinks, &unread)
      try checkNotEmpty(folder, extensions)
      return
    }
    let subfolders = entries.filter { $0.isFolder }.map(\.name)
    guard !subfolders.isEmpty else {
      throw ModelError(
        .file, at: folder,
        "has no subfolders; one for each class is expected. For pictures without classes use labelMode: .none.")
    }
    if let classNames {
      let unknown = classNames.filter { !subfolders.contains($0) }
      guard unknown.isEmpty, Set(classNames).count == classNames.count, !classNames.isEmpty else {
        throw ModelError(
          .name, at: folder,
          "classNames \(classNames) must name subfolders, each once"
            + (unknown.isEmpty ? "" : "; \(unknown) are none of \(subfolders)"))
      }
    }
    self.classNames = classNames ?? subfolders
    for (label, name) in self.classNames.enumerated() {
      let files = try Folder.files(below: folder + "/" + name, extensions, followLinks: followLinks, &unread)
      paths += files
      labels += Array(repeating: label, count: files.count)
    }
    try checkNotEmpty(folder, extensions)
  }

  private func checkNotEmpty(_ folder: String, _ extensions: [String]) throws {
    guard paths.isEmpty else { return }
    throw ModelError(
      .file, at: folder,
      "has no pictures: no file in it ends in \(extensions.map { ".\($0)" }.joined(separator: ", "))"
        + (unreadFiles.map { ". \($0)" } ?? ""))
  }

  /// What to say about pictures that are not read, if there are any.
  var unreadFiles: String? {
    unread.isEmpty
      ? nil
      : "Not read: \(unread.sorted { $0.key < $1.key }.map { "\($0.value) .\($0.key)" }.joined(separator: ", ")). Save them as PNG."
  }
}

/// What lies in a folder of the file system.
private enum Folder {
  struct Entry {
    let name: String
    let isFolder: Bool
    let isLink: Bool
  }

  /// The entries in the order of their names, code point by code point as Python sorts. Hidden ones are left out.
  static func entries(_ path: String) throws -> [Entry] {
    guard let folder = opendir(path) else {
      let error = Files.unreadable(path)
      throw errno == ENOTDIR ? ModelError(.file, at: path, "is not a folder") : error
    }
    defer { closedir(folder) }
    var entries: [Entry] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      guard !name.hasPrefix(".") else { continue }
      let kind = Int32(entry.pointee.d_type)
      var status = stat()
      var isFolder = kind == Int32(DT_DIR)
      if kind == Int32(DT_LNK) || kind == Int32(DT_UNKNOWN) {
        isFolder = stat(path + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      let isLink = kind == Int32(DT_LNK) || kind == Int32(DT_UNKNOWN) && Self.isLink(path + "/" + name)
      entries.append(Entry(name: name, isFolder: isFolder, isLink: isLink))
    }
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// The files with these extensions in a folder and all folders below it: folder by folder, in each by name.
  static func files(
    below path: String, _ extensions: [String], followLinks: Bool, _ unread: inout [String: Int]
  ) throws -> [String] {
    var folders = [path], visited = Set<[UInt64]>(), found: [(folder: String, files: [String])] = []
    while let folder = folders.popLast() {
      // A link may lead back to a folder above it.
      var status = stat()
      if stat(folder, &status) == 0, !visited.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted { continue }
      let entries = try entries(folder)
      folders += entries.filter { $0.isFolder && (followLinks || !$0.isLink) }.map { folder + "/" + $0.name }
      let files = entries.filter { entry in
        !entry.isFolder && extensions.contains { entry.name.lowercased().hasSuffix("." + $0) }
      }
      found.append((folder, files.map { folder + "/" + $0.name }))
      for entry in entries where !entry.isFolder {
        let end = entry.name.lowercased().split(separator: ".").last.map(String.init) ?? ""
        if !extensions.contains(end), ImageFormat.unreadExtensions.contains(end) { unread[end, default: 0] += 1 }
      }
    }
    return found.sorted { $0.folder.utf8.lexicographicallyPrecedes($1.folder.utf8) }.flatMap(\.files)
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
