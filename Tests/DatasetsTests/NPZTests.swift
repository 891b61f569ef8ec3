import DeepSwift
import DeepSwiftDatasets
import Foundation
import Testing

@Suite struct NPZTests {
  let a: Tensor = [[0.0, 1, 2], [3, 4, 5]]
  let b = Tensor([0, 1, 2, 3] as [UInt8])

  @Test func filesOfNumPy() throws {
    #expect(try Tensor.read(npz: "\(fixtures)/numpy/stored.npz") == ["a": a, "b": b])
    let large = try Tensor.read(npz: "\(fixtures)/numpy/deflated.npz")
    #expect(large["a"]?.shape == [20, 30])
    #expect(large["a"]?[18..., 27...] == a)
    #expect(large["b"] == b)
    #expect(
      try Tensor.read(npz: "\(fixtures)/numpy/streamed.npz") == ["a": a], "sizes after the data, a member of text")
    #expect(try Tensor.read(npz: "\(fixtures)/numpy/zip64.npz") == ["a": a])
  }

  @Test(arguments: [false, true])
  func whatIsWrittenIsRead(compressed: Bool) throws {
    try withTemporaryFolder { folder in
      try Tensor.write(npz: "\(folder)/a.npz", ["a": a, "b": b, "dense/kernel": Tensor(1.5)], compressed: compressed)
      #expect(try Tensor.read(npz: "\(folder)/a.npz") == ["a": a, "b": b, "dense/kernel": Tensor(1.5)])
    }
  }

  @Test func faultsNameTheArray() throws {
    try withTemporaryFolder { folder in
      var zip = ZipWriter()
      zip.add("a.npy", [1, 2, 3])
      try Files.write(zip.finished(place: ""), to: "\(folder)/a.npz")
      #expect(
        message { _ = try Tensor.read(npz: "\(folder)/a.npz") }
          == "\(folder)/a.npz, array a: is not an .npy file of version 1, 2 or 3. Download it or write it again.")
    }
  }
}
