import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct AttentionTests {
  struct Case: CustomStringConvertible {
    let a: ds_attention
    let rows: Int
    let q, k, v, dy: [Float]
    let mask: [Float]?

    init(_ rows: Int, _ a: ds_attention, _ random: inout Random, masked: Bool) {
      self.a = a
      self.rows = rows
      q = random.floats(rows * a.queries * a.heads * a.key_dim, -2, 2)
      k = random.floats(rows * a.keys * a.heads * a.key_dim, -2, 2)
      v = random.floats(rows * a.keys * a.heads * a.value_dim)
      dy = random.floats(rows * a.queries * a.heads * a.value_dim)
      mask = masked ? (0..<rows * a.queries * a.keys).map { _ in random.bool() ? 1 : 0 } : nil
    }

    var description: String {
      "\(rows) rows, \(a.queries) queries, \(a.keys) keys, \(a.heads) heads of \(a.key_dim) and \(a.value_dim)"
    }

    /// y, dq, dk, dv in double.
    var twin: [[Double]] {
      let (q, k, v, dy) = (q.doubles, k.doubles, v.doubles, dy.doubles)
      var results = [dy, q, k, v].map { Array(repeating: 0.0, count: $0.count) }
      func at(_ row: Int, _ steps: Int, _ step: Int, _ head: Int, _ size: Int) -> Int {
        ((row * steps + step) * a.heads + head) * size
      }
      for row in 0..<rows {
        for head in 0..<a.heads {
          for query in 0..<a.queries {
            let from = at(row, a.queries, query, head, a.key_dim), to = at(row, a.queries, query, head, a.value_dim)
            let seen = (0..<a.keys).filter {
              (a.causal == 0 || $0 <= query) && (mask?[(row * a.queries + query) * a.keys + $0] ?? 1) != 0
            }
            let scores = seen.map { key in
              let other = at(row, a.keys, key, head, a.key_dim)
              var sum = 0.0
              for i in 0..<a.key_dim { sum += q[from + i] * k[other + i] }
              return sum * Double(a.scale)
            }
            let most = scores.max() ?? 0, total = scores.reduce(0) { $0 + exp($1 - most) }
            let p = scores.map { exp($0 - most) / total }
            let dp = seen.map { key in
              let value = at(row, a.keys, key, head, a.value_dim)
              var sum = 0.0
              for i in 0..<a.value_dim { sum += dy[to + i] * v[value + i] }
              return sum
            }
            let mean = zip(p, dp).reduce(0) { $0 + $1.0 * $1.1 }
            for (index, key) in seen.enumerated() {
              let value = at(row, a.keys, key, head, a.value_dim), other = at(row, a.keys, key, head, a.key_dim)
              for i in 0..<a.value_dim {
                results[0][to + i] += p[index] * v[value + i]
                results[3][value + i] += p[index] * dy[to + i]
              }
              let ds = p[index] * (dp[index] - mean) * Double(a.scale)
              for i in 0..<a.key_dim {
                results[1][from + i] += ds * k[other + i]
                results[2][other + i] += ds * q[from + i]
              }
            }
          }
        }
      }
      return results
    }

    /// y, dq, dk, dv and the probabilities, so many rows in a call.
    func run(_ kernels: ds_kernels, at once: Int, dropped: ds_dropout = ds_dropout()) -> [[Float]] {
      var a = a
      let q = Floats(q), k = Floats(k), v = Floats(v), g = Floats(dy), m = mask.map { Floats($0) }
      let y = Floats.empty(g.count), dq = Floats.empty(q.count), dk = Floats.empty(k.count), dv = Floats.empty(v.count)
      let p = Floats.empty(rows * a.heads * a.queries * a.keys), room = Floats.empty(kernels.attention_workspace(&a))
      for first in stride(from: 0, to: rows, by: once) {
        let count = min(once, rows - first)
        func part(_ all: Floats) -> UnsafeMutablePointer<Float> { all.p + all.count / rows * first }
        kernels.attention_forward(
          &a, count, part(q), part(k), part(v), m.map(part), a.queries * a.keys, dropped, first, part(p), part(y), room.p)
        let z = Floats.empty(y.count / rows * count)
        kernels.attention_forward(
          &a, count, part(q), part(k), part(v), m.map(part), a.queries * a.keys, dropped, first, nil, z.p, room.p)
        expectSame(z.values, Array(y.values[y.count / rows * first..<y.count / rows * (first + count)]), "nothing kept")
        kernels.attention_backward(
          &a, count, part(q), part(k), part(v), part(p), dropped, first, part(g), part(dq), part(dk), part(dv), room.p)
      }
      return [y.values, dq.values, dk.values, dv.values, p.values]
    }
  }

  static func cases(_ random: inout Random) -> [Case] {
    let sizes = [1, 2, 3, 7, 16, 17, 33]
    func size() -> Int { sizes[random.int(0...6)] }
    return (0..<30).map { index in
      let a = ds_attention(
        queries: size(), keys: size(), heads: random.int(1...3), key_dim: size(), value_dim: size(),
        scale: random.float(0.1, 1), causal: index % 3 == 0 ? 1 : 0)
      return Case(random.int(1...3), a, &random, masked: index % 2 == 0)
    }
  }

  @Test(arguments: instructionSets) func anySize(set: String) {
    var random = Random(51)
    for test in Self.cases(&random) {
      let run = test.run(kernels(set), at: test.rows)
      for (index, (ours, expected)) in zip(run, test.twin).enumerated() {
        expectClose(ours, expected, 5e-6, "result \(index) of \(test)", atLeast: 1)
      }
      let cut = test.run(kernels(set), at: 1)
      for index in run.indices { expectSame(cut[index], run[index], "\(test)") }
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(52)
    for test in Self.cases(&random) {
      expectSameOnWideSets("\(test)") {
        test.run($0, at: test.rows, dropped: ds_dropout(key: 5, threshold: 1 << 30, scale: 4 / 3)).flatMap { $0 }
      }
    }
  }

  /// What dropped out of the probabilities, found by asking for unit vectors, is gone in both directions.
  @Test(arguments: instructionSets) func dropout(set: String) {
    var random = Random(53)
    let a = ds_attention(queries: 5, keys: 7, heads: 2, key_dim: 3, value_dim: 7, scale: 1, causal: 0)
    let test = Case(Case(2, a, &random, masked: false), values: (0..<2 * 7 * 2 * 7).map { $0 / 14 % 7 == $0 % 7 ? 1 : 0 })
    let dropped = ds_dropout(key: 9, threshold: 1 << 31, scale: 2), run = test.run(kernels(set), at: 2, dropped: dropped)
    // Now y is the matrix of probabilities that was used.
    let p = run[4], used = run[0]
    var kept = 0
    for row in 0..<2 {
      for head in 0..<2 {
        for (query, key) in (0..<35).map({ ($0 / 7, $0 % 7) }) {
          let whole = p[((row * 2 + head) * 5 + query) * 7 + key], part = used[((row * 5 + query) * 2 + head) * 7 + key]
          #expect(part == 0 || abs(part - 2 * whole) < 1e-6)
          if part != 0 { kept += 1 }
        }
      }
    }
    #expect((50...90).contains(kept), "half of 140, kept \(kept)")
    // dv is the same matrix, turned, times dy.
    for (row, head, key, i) in [(0, 0, 3, 2), (1, 1, 6, 0), (0, 1, 0, 6)] {
      var expected = 0.0
      for query in 0..<5 {
        let place = (row * 5 + query) * 2 + head
        expected += Double(used[place * 7 + key]) * Double(test.dy[place * 7 + i])
      }
      let found = Double(run[3][((row * 7 + key) * 2 + head) * 7 + i])
      #expect(abs(found - expected) < 1e-5)
    }
  }
}

extension AttentionTests.Case {
  init(_ other: Self, values: [Float]) {
    (a, rows, q, k, v, dy, mask) = (other.a, other.rows, other.q, other.k, values, other.dy, other.mask)
  }
}
