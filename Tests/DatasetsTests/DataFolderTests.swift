import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct DataFolderTests {
  @Test func theUsersFolderComesFirst() throws {
    try withTemporaryFolder { root in
      func make(_ path: String) throws {
        try FileManager.default.createDirectory(
          atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Files.write([1] as [UInt8], to: path)
      }
      let file = DataFolder.File(name: "a.gz", otherNames: ["a"], sha256: "")
      let folder = DataFolder(
        name: "things", otherNames: ["Things"], systemFolders: ["\(root)/system"], mirrors: [],
        environment: ["DEEPSWIFT_DATA": "\(root)/own", "XDG_CACHE_HOME": "\(root)/cache"])
      for path in [
        "\(root)/cache/deepswift/things/a.gz", "\(root)/system/a", "\(root)/own/a", "\(root)/own/Things/a",
        "\(root)/own/things/a", "\(root)/own/things/a.gz",
      ] {
        try make(path)
        #expect(try folder.path(of: file) == path)
      }
    }
  }

  @Test func withoutANetworkTheErrorSaysWhatToDo() throws {
    try withTemporaryFolder { root in
      let folder = DataFolder(
        name: "things", mirrors: ["http://127.0.0.1:9/"], environment: ["HOME": root])
      let fault = message { _ = try folder.path(of: .init(name: "a.gz", sha256: "")) }
      #expect(
        fault.hasPrefix(
          "things/a.gz: is not on this machine and could not be downloaded. Put it into \(root)/.cache/deepswift/things, or set "
            + "DEEPSWIFT_DATA to a folder that has it."))
    }
  }

  @Test(.enabled(if: TestServer.isPossible, "python3 is needed for a web server"))
  func downloadsGoIntoTheCacheAfterACheck() throws {
    try withTemporaryFolder { root in
      let server = try TestServer(root)
      try Files.write(deflated([1, 2, 3], .gzip), to: "\(root)/a.gz")
      let folder = DataFolder(
        name: "things", mirrors: ["\(server.address)/ranges/"], environment: ["XDG_CACHE_HOME": "\(root)/cache"])
      var file = DataFolder.File(name: "a.gz", sha256: sha256([9]), isDigestOfContents: true)
      #expect(message { _ = try folder.path(of: file) }.contains("its SHA-256 is \(sha256([1, 2, 3]))"))
      file.sha256 = sha256([1, 2, 3])
      #expect(try folder.path(of: file) == "\(root)/cache/deepswift/things/a.gz")
      #expect(try readUnpacked(folder.path(of: file)) == [1, 2, 3])
    }
  }
}
