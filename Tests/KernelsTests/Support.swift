import DeepSwiftKernels
import Foundation
import Testing

/// The instruction sets that this processor has.
let instructionSets = ["avx512", "avx2", "baseline"].filter { (name: String) in ds_kernels_named(name) != nil }

func kernels(_ name: String) -> ds_kernels { ds_kernels_named(name)!.pointee }

/// A small generator (SplitMix64) with a fixed seed, so that a failure can be repeated.
struct Random {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
  mutating func int(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
  mutating func bool() -> Bool { next() & 1 == 1 }
  mutating func float(_ low: Float = -1, _ high: Float = 1) -> Float {
    low + (high - low) * Float(next() >> 40) / Float(1 << 24)
  }
  mutating func floats(_ count: Int, _ low: Float = -1, _ high: Float = 1) -> [Float] {
    (0..<count).map { _ in float(low, high) }
  }
}

/// Numbers in memory whose neighbours are watched: behind the last (or before the first) element lies a page that cannot be
/// touched, on the other side a zone that must stay as it was. Reading or writing past an end is found either way.
/// The memory lives until the end of the test, because kernels are handed its bare address.
final class Guarded<Element> {
  let p: UnsafeMutablePointer<Element>
  let count: Int

  init(count: Int, atStart: Bool = false) {
    self.count = count
    let bytes = count * MemoryLayout<Element>.stride
    p = WatchedMemory.current!.allocate(bytes, atStart: atStart).bindMemory(to: Element.self, capacity: max(count, 1))
  }

  convenience init(_ values: [Element], atStart: Bool = false) {
    self.init(count: values.count, atStart: atStart)
    for (i, value) in values.enumerated() { p[i] = value }
  }

  var values: [Element] { Array(UnsafeBufferPointer(start: p, count: count)) }
}

/// The guarded memory of one test. At its end the zones around all buffers are checked.
final class WatchedMemory: @unchecked Sendable {  // belongs to one task
  @TaskLocal static var current: WatchedMemory?
  private var maps: [(start: UnsafeMutableRawPointer, count: Int, zone: UnsafeMutableRawBufferPointer)] = []

  func allocate(_ bytes: Int, atStart: Bool) -> UnsafeMutableRawPointer {
    let page = 4096, inner = (bytes + 64 + page - 1) / page * page
    let start = mmap(nil, inner + 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
    precondition(start != MAP_FAILED)
    mprotect(start, page, PROT_NONE)
    mprotect(start + page + inner, page, PROT_NONE)
    let first = start + page + (atStart ? 0 : inner - bytes)
    let zone = UnsafeMutableRawBufferPointer(start: atStart ? first + bytes : start + page, count: inner - bytes)
    memset(zone.baseAddress!, 0xa5, zone.count)
    maps.append((start, inner + 2 * page, zone))
    return first
  }

  func isUntouchedAround() -> Bool { maps.allSatisfy { $0.zone.allSatisfy { $0 == 0xa5 } } }

  deinit { for map in maps { munmap(map.start, map.count) } }
}

struct WatchedMemoryTrait: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void)
    async throws
  {
    guard testCase != nil else { return try await function() }
    let memory = WatchedMemory()
    try await WatchedMemory.$current.withValue(memory) { try await function() }
    #expect(memory.isUntouchedAround(), "a kernel wrote outside of its buffers")
  }
}

extension Trait where Self == WatchedMemoryTrait {
  /// Gives every test of the suite guarded memory.
  static var watchedMemory: Self { WatchedMemoryTrait() }
}

typealias Floats = Guarded<Float>

extension Guarded where Element == Float {
  /// Memory that holds nothing useful: what a kernel does not write shows.
  static func empty(_ count: Int, atStart: Bool = false) -> Floats {
    Floats([Float](repeating: .signalingNaN, count: count), atStart: atStart)
  }
}

/// Compares with the exact result; the error counts against the largest of the expected numbers (or `atLeast`).
func expectClose(
  _ actual: [Float], _ expected: [Double], _ tolerance: Double = 1e-6, _ comment: @autoclosure () -> String = "",
  atLeast: Double = 1e-30, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  let finite = expected.filter(\.isFinite).map(abs).max() ?? 0
  let unit = max(finite, atLeast)
  for (i, (a, e)) in zip(actual, expected).enumerated() {
    let good = e.isNaN ? a.isNaN : e.isInfinite ? Double(a) == e : abs(Double(a) - e) <= tolerance * unit
    guard good else {
      Issue.record(
        "element \(i) is \(a), expected \(e) +- \(tolerance * unit). \(comment())", sourceLocation: sourceLocation)
      return
    }
  }
}

func expectSame(
  _ a: [Float], _ b: [Float], _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let same = a.map(\.bitPattern) == b.map(\.bitPattern)
  #expect(same, "\(comment())", sourceLocation: sourceLocation)
}

/// AVX-512 and AVX2 must give the same bits.
func expectSameOnWideSets(
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation,
  _ result: (ds_kernels) -> [Float]
) {
  guard instructionSets.contains("avx512") else { return }
  expectSame(result(kernels("avx512")), result(kernels("avx2")), comment(), sourceLocation: sourceLocation)
}

extension Array where Element == Float {
  var doubles: [Double] { map(Double.init) }
}
