import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct FashionMNISTTests {
  @Test(
    .enabled(
      if: Files.exists("/usr/share/datasets/fashion-mnist"), "the package dataset-fashion-mnist is not installed"))
  func theRealFiles() throws {
    var folder = FashionMNIST.folder
    folder.environment = [:]
    let (train, test) = try FashionMNIST.load(from: folder)
    #expect(train.x.shape == [60000, 28, 28] && test.x.shape == [10000, 28, 28])
    #expect(train.x.elementType == .uint8 && train.y.elementType == .int32)
    #expect(train.y.prefix(10) == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5])
    #expect(train.classNames[train.y[0].integers[0]] == "Ankle boot")
    #expect(abs((test.x / 255).mean() - 0.2868) < 1e-3)
    for label in 0..<10 { #expect(train.y.integers.count { $0 == label } == 6000) }
  }

  @Test(
    .enabled(
      if: Files.exists("/usr/share/datasets/fashion-mnist"), "the package dataset-fashion-mnist is not installed"))
  func theDigestsAreThoseOfTheRealFiles() throws {
    #expect(
      sha256(try readUnpacked("/usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz"))
        == "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")
  }
}
