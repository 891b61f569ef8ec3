import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct ImageFolderTests {
  func batches(_ data: some BatchedDataset, pass: Int = 0) throws -> [Batch] {
    var iterator = try data.makeBatches(pass: pass), all: [Batch] = []
    while let batch = try iterator.next() { all.append(batch) }
    return all
  }

  /// A folder with one picture for each path, 2 × 2 and gray; the brightness counts them.
  func withPictures(_ paths: [String], _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (index, path) in paths.enumerated() {
        let url = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Tensor.full([2, 2], Float(index), elementType: .uint8).write(png: url.path)
      }
      try body(folder)
    }
  }

  let ten = (0..<10).map { "\($0 % 3 == 0 ? "a" : "b")/\($0).png" }

  func open(
    _ folder: String, _ labelMode: ImageFolder.LabelMode = .integer, classNames: [String]? = nil, shuffle: Bool = false,
    unreadable: ImageFolder.Unreadable = .refuse, followLinks: Bool = false
  ) throws -> ImageFolder {
    try ImageFolder(
      folder, imageSize: [2, 2], batchSize: 4, colorMode: .grayscale, labelMode: labelMode, classNames: classNames,
      shuffle: shuffle, seed: 7, followLinks: followLinks, unreadable: unreadable, verbose: false)
  }

  func brightness(_ batches: [Batch]) -> [Int] { batches.flatMap { $0.x[0..., 0, 0, 0].integers } }

  @Test func classesAndFilesByName() throws {
    let names = ["b/2.png", "b/10.PNG", "a/x.png", "a/.hidden.png", ".git/c.png", "a/sub/1.png", "a/x.txt.png", "c/y.jpeg.png"]
    try withPictures(names) { folder in
      try "no picture".write(toFile: folder + "/a/readme.txt", atomically: true, encoding: .utf8)
      let data = try open(folder)
      #expect(data.classNames == ["a", "b", "c"])
      #expect(
        data.paths.map { String($0.dropFirst(folder.count + 1)) } == [
          "a/x.png", "a/x.txt.png", "a/sub/1.png", "b/10.PNG", "b/2.png", "c/y.jpeg.png",
        ])
      #expect(data.labels == [0, 0, 0, 1, 1, 2])
      #expect(try open(folder, classNames: ["c", "a"]).labels == [0, 1, 1, 1])
      #expect(try open(folder, .none).count == 6)
      #expect(message { _ = try open(folder, classNames: ["c", "d"]) }.contains("[\"d\"] are none of [\"a\", \"b\", \"c\"]"))
    }
  }

  @Test func labelsOfAllKinds() throws {
    try withPictures(["a/1.png", "b/2.png", "b/3.png"]) { folder in
      let integers = try batches(open(folder))[0]
      #expect(integers.x.shape == [3, 2, 2, 1])
      #expect(integers.y == Tensor([0, 1, 1] as [Int32]))
      #expect(try batches(open(folder, .binary))[0].y == Tensor([0, 1, 1] as [Float], shape: [3, 1]))
      #expect(try batches(open(folder, .categorical))[0].y == Tensor([[1, 0], [0, 1], [0, 1]] as [[Float]]))
      #expect(try batches(open(folder, .none))[0].y == nil)
    }
  }

  @Test func eachPassIsShuffledAnew() throws {
    try withPictures(ten) { folder in
      let data = try open(folder, shuffle: true)
      #expect(data.batchCount == 3)
      let first = brightness(try batches(data))
      #expect(first.sorted() == Array(0..<10))
      #expect(try brightness(batches(data)) == first)
      #expect(try brightness(batches(data, pass: 1)) != first)
      #expect(try brightness(batches(data.prefetched())) == first)
      for batch in try batches(data) {
        #expect(batch.y?.integers == batch.x[0..., 0, 0, 0].integers.map { $0 % 3 == 0 ? 0 : 1 })
      }
    }
  }

  @Test func partsDoNotOverlap() throws {
    try withPictures(ten) { folder in
      let (training, validation) = try open(folder, shuffle: true).split(0.8)
      #expect(training.count == 8 && validation.count == 2)
      #expect(Set(training.paths + validation.paths).count == 10)
      #expect(try open(folder).split(0.8).0.paths == training.paths, "the same seed gives the same parts")
      #expect(try brightness(batches(validation)) == brightness(batches(validation, pass: 5)))
      #expect(try brightness(batches(training)) != brightness(batches(training, pass: 1)))
      for fraction in [0, 0.01, 1, -1, 2, .nan] {
        #expect(message { _ = try open(folder).split(fraction) }.contains("leaves a part empty"))
      }
    }
  }

  @Test func brokenFilesAreToldAllAtOnce() throws {
    try withPictures(ten) { folder in
      let picture = try Files.read(folder + "/a/0.png")
      try Files.write(Array(picture.dropLast(20)), to: folder + "/a/3.png")
      try Files.write(Array("not a picture".utf8), to: folder + "/b/8.png")
      try Files.write([], to: folder + "/b/2.png")
      let data = try open(folder)
      #expect(data.check().map(\.path) == ["a/3.png", "b/2.png", "b/8.png"].map { "\(folder)/\($0)" })
      let text = message { _ = try batches(data) }
      #expect(text.contains("3 of 10 files cannot be read") && text.contains("unreadable: .skip"))
      for name in ["a/3.png", "b/8.png: is not a picture", "b/2.png: is empty"] { #expect(text.contains(name)) }
      let rest = try open(folder, unreadable: .skip)
      #expect(rest.count == 7 && rest.skipped == data.check())
      #expect(try brightness(batches(rest)).sorted() == [0, 1, 4, 5, 6, 7, 9])
      #expect(rest.labels == [0, 0, 0, 1, 1, 1, 1])
    }
  }

  @Test func linksToFoldersAreFollowedOnRequest() throws {
    try withPictures(["a/1.png", "b/2.png", "b/deep/3.png"]) { folder in
      try FileManager.default.createSymbolicLink(atPath: folder + "/a/link", withDestinationPath: folder + "/b/deep")
      try FileManager.default.createSymbolicLink(atPath: folder + "/b/deep/loop", withDestinationPath: folder + "/b")
      #expect(try open(folder).labels == [0, 1, 1])
      // From a by way of the link and the loop to all three; each folder once in each class.
      #expect(try open(folder, followLinks: true).labels == [0, 0, 0, 1, 1])
    }
  }

  @Test func picturesThatAreNotReadAreMentioned() throws {
    try withTemporaryFolder { folder in
      for path in ["a/1.gif", "a/deep/2.GIF", "b/3.webp", "b/notes.txt"] {
        let url = URL(fileURLWithPath: folder + "/" + path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1]).write(to: url)
      }
      #expect(message { _ = try open(folder) }.hasSuffix(".ppm. Not read: 2 .gif, 1 .webp. Save them as PNG."))
      // Who asks for them gets them, and learns of each that it cannot be read.
      #expect(try ImageFolder(folder, extensions: [".gif"], verbose: false).check().count == 2)
    }
  }

  @Test func namesInAnotherEncodingAreToldApartFromMissingFiles() throws {
    try withPictures(["a/0.png", "b/1.png"]) { folder in
      let name = Array((folder + "/a/").utf8CString.dropLast()) + [-1, 46, 112, 110, 103, 0]  // ".png" behind a byte of 255
      let file = try #require(fopen(name, "w"))
      fclose(file)
      let reasons = try open(folder).check().map(\.reason)
      #expect(reasons.count == 1 && reasons[0].hasSuffix("its name is not written in UTF-8, so rename it"))
    }
  }

  @Test func saysWhatIsWrongWithAFolder() throws {
    #expect(message { _ = try open("/nowhere/at/all") }.contains("/nowhere/at/all: cannot read: No such file"))
    try withTemporaryFolder { folder in
      #expect(message { _ = try open(folder) }.contains("has no subfolders; one for each class is expected"))
      try FileManager.default.createDirectory(atPath: folder + "/a", withIntermediateDirectories: true)
      #expect(message { _ = try open(folder) }.contains("no file in it ends in .bmp, .jpeg"))
      try Files.write([1], to: folder + "/a/1.png")
      #expect(message { _ = try open(folder + "/a/1.png") }.contains("is not a folder"))
      #expect(message { _ = try open(folder, .binary) }.contains("needs two classes, there are 1"))
      #expect(message { _ = try open(folder, unreadable: .skip) }.contains("none of its 1 files can be read"))
      #expect(message { _ = try ImageFolder(folder, imageSize: [3], verbose: false) }.contains("[height, width]"))
      #expect(message { _ = try ImageFolder(folder, imageSize: [65536, 65536], verbose: false) }.contains("takes 48 GB"))
      #expect(message { _ = try ImageFolder(folder, batchSize: 0, verbose: false) }.contains("at least 1"))
      #expect(message { _ = try ImageFolder(folder, cropToAspectRatio: true, padToAspectRatio: true) }.contains("exclude"))
    }
  }
}
