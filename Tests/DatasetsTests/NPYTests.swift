import DeepSwift
import DeepSwiftDatasets
import Testing

@Suite struct NPYTests {
  func fixture(_ name: String) throws -> Tensor { try Tensor(npy: "\(fixtures)/numpy/\(name).npy") }

  @Test(arguments: ["little", "big"])
  func everyTypeInBothByteOrders(order: String) throws {
    #expect(try fixture("bool_\(order)") == Tensor([0, 1, 1, 1, 1, 1] as [UInt8], shape: [2, 3]))
    #expect(try fixture("u1_\(order)") == Tensor([0, 1, 2, 3, 4, 5] as [UInt8], shape: [2, 3]))
    for type in ["u2", "u4", "u8"] { #expect(try fixture("\(type)_\(order)") == [[0, 1, 2], [3, 4, 5]]) }
    for type in ["i1", "i2", "i4", "i8"] { #expect(try fixture("\(type)_\(order)") == [[-2, -1, 0], [1, 2, 3]]) }
    for type in ["f2", "f4", "f8"] { #expect(try fixture("\(type)_\(order)") == [[-2.0, -1, 0], [1, 2, 3]]) }
  }

  @Test func shapesAndMemoryOrders() throws {
    #expect(try fixture("fortran") == Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4]))
    #expect(try fixture("scalar") == Tensor(2.5))
    #expect(try fixture("vector") == [7, 8, 9])
    #expect(try fixture("empty") == Tensor.zeros([0, 3]))
  }

  @Test func everyVersionOfTheHeader() throws {
    for name in ["version2", "version3", "python2"] { #expect(try fixture(name) == [[0.0, 1, 2], [3, 4, 5]]) }
  }

  @Test func halfPrecision() throws {
    let halves = try fixture("halves").floats
    #expect(halves.prefix(9) == [0, 0, 1, -2, 65504, 1023 * 0x1p-24, 0x1p-24, .infinity, -.infinity])
    #expect(halves[1].sign == .minus)
    #expect(halves[9].isNaN)
  }

  @Test func whatIsWrittenIsByteForByteWhatNumPyWrites() throws {
    for name in ["u1_little", "i4_little", "f4_little", "scalar", "vector", "empty"] {
      #expect(try fixture(name).npyBytes == Files.read("\(fixtures)/numpy/\(name).npy"), "\(name)")
    }
    try withTemporaryFolder { folder in
      let tensor = Tensor.random(uniform: 0...1, shape: [3, 4, 5], seed: 1)
      try tensor.write(npy: "\(folder)/a.npy")
      #expect(try Tensor(npy: "\(folder)/a.npy") == tensor)
    }
  }

  @Test func whatCannotBeReadSaysWhy() throws {
    #expect(
      message { _ = try fixture("objects") }.hasSuffix(
        "holds Python objects, which are never loaded: they could run code. Save arrays of numbers."))
    #expect(message { _ = try fixture("records") }.contains("records of several fields"))
    #expect(message { _ = try fixture("text") }.contains("type '<U1'"))
    #expect(message { _ = try fixture("large") }.hasSuffix("holds 1099511627776, which does not fit into int32"))
    #expect(message { _ = try fixture("missing") }.contains("No such file"))
    func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8) + data
    }
    for (header, fault) in [
      (
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
        "a: is cut off: shape [2, 3] takes 24 bytes, found 4"
      ),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 3)}", "impossible shape"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4611686018427387904, 9)}", "impossible shape"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "damaged header"),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "damaged header"),
      ("{'descr': '<f4', 'fortran_order': False}", "lacks a shape"), ("{'descr': '<f4'", "damaged header"),
      ("{'descr': '<f4', 'shape': (1,)}", "lacks its memory order"),
    ] {
      #expect(
        message { _ = try Tensor(npyBytes: file(header, [0, 0, 0, 0]), place: "a") }.contains(fault), "\(header)")
    }
    #expect(message { _ = try Tensor(npyBytes: [1, 2], place: "a") }.contains("is not an .npy file"))
  }
}
