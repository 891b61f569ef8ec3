import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct DenseTests {
  struct Case: CustomStringConvertible {
    var rows: Int, inputs: Int, outputs: Int
    var x: [Float] = [], w: [Float] = [], dy: [Float] = []
    var bias: [Float]?, mask: [Float]?
    var rectify = false

    init(_ rows: Int, _ inputs: Int, _ outputs: Int, _ random: inout Random) {
      (self.rows, self.inputs, self.outputs) = (rows, inputs, outputs)
      x = random.floats(rows * inputs)
      w = random.floats(inputs * outputs)
      dy = random.floats(rows * outputs)
      bias = random.bool() ? random.floats(outputs) : nil
      mask = random.bool() ? random.floats(rows * inputs) : nil
      rectify = random.bool()
    }

    var description: String { "\(rows) rows, \(inputs) -> \(outputs)" }

    var y: [Double] {
      let (x, w) = (x.doubles, w.doubles)
      return (0..<rows * outputs).map { i in
        let (m, n) = (i / outputs, i % outputs)
        let sum = (0..<inputs).reduce(Double(bias?[n] ?? 0)) { $0 + x[m * inputs + $1] * w[$1 * outputs + n] }
        return rectify ? max(sum, 0) : sum
      }
    }
    var dx: [Double] {
      let (dy, w) = (dy.doubles, w.doubles)
      return (0..<rows * inputs).map { i in
        let (m, k) = (i / inputs, i % inputs)
        guard (mask?[i] ?? 1) > 0 else { return 0 }
        return (0..<outputs).reduce(0) { $0 + dy[m * outputs + $1] * w[k * outputs + $1] }
      }
    }
    var dw: [Double] {
      let (x, dy) = (x.doubles, dy.doubles)
      return (0..<inputs * outputs).map { i in
        let (k, n) = (i / outputs, i % outputs)
        return (0..<rows).reduce(0) { $0 + x[$1 * inputs + k] * dy[$1 * outputs + n] }
      }
    }

    /// All three results; each part of the work done by a call of its own if `cut`, in two calls otherwise.
    func run(_ k: ds_kernels, cut: Bool) -> (y: [Float], dx: [Float], dw: [Float]) {
      let x = Floats(x), w = Floats(w), dy = Floats(dy), shift = bias.map { Floats($0) },
        cutMask = mask.map { Floats($0) }
      let y = Floats.empty(rows * outputs), dx = Floats.empty(rows * inputs), dw = Floats.empty(inputs * outputs)
      func share(_ parts: Int, _ body: (Int, Int, Floats) -> Void) {
        let room = Floats.empty(k.dense_workspace(rows, inputs, outputs))
        let middle = parts / 2
        if cut {
          for part in 0..<parts { body(part, part + 1, room) }
        } else {
          body(middle, parts, room); body(0, middle, room)
        }
      }
      share(k.dense_forward_parts(inputs, outputs)) {
        k.dense_forward(rows, inputs, outputs, x.p, w.p, shift?.p, rectify ? 1 : 0, y.p, $0, $1, $2.p)
      }
      share(k.dense_backward_input_parts(inputs, outputs)) {
        k.dense_backward_input(rows, inputs, outputs, dy.p, w.p, cutMask?.p, dx.p, $0, $1, $2.p)
      }
      share(k.dense_backward_kernel_parts(inputs, outputs)) {
        k.dense_backward_kernel(rows, inputs, outputs, x.p, dy.p, dw.p, $0, $1, $2.p)
      }
      return (y.values, dx.values, dw.values)
    }
  }

  static func cases(_ random: inout Random) -> [Case] {
    let sizes = [1, 2, 3, 7, 10, 15, 16, 17, 31, 32, 33, 50, 64, 100]
    var cases = (0..<60).map { _ in
      Case(random.int(0...30), sizes[random.int(0...13)], sizes[random.int(0...13)], &random)
    }
    for (rows, inputs, outputs) in [
      (5, 300, 40), (7, 40, 300), (300, 40, 21), (270, 257, 3), (1, 600, 150), (2, 513, 70), (600, 5, 33),
    ] {
      cases.append(Case(rows, inputs, outputs, &random))
    }
    return cases
  }

  @Test(arguments: instructionSets) func anySize(set: String) {
    var random = Random(26)
    for test in Self.cases(&random) {
      let run = test.run(kernels(set), cut: false)
      expectClose(run.y, test.y, 3e-6, "forward \(test)", atLeast: 1)
      expectClose(run.dx, test.dx, 3e-6, "input gradient \(test)", atLeast: 1)
      expectClose(run.dw, test.dw, 3e-6, "kernel gradient \(test)", atLeast: 1)
      let cut = test.run(kernels(set), cut: true)
      expectSame(cut.y + cut.dx + cut.dw, run.y + run.dx + run.dw, "parts \(test)")
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(27)
    for test in Self.cases(&random) {
      expectSameOnWideSets("\(test)") {
        let run = test.run($0, cut: false)
        return run.y + run.dx + run.dw
      }
    }
  }

  @Test(arguments: instructionSets) func rowsDoNotKnowEachOther(set: String) {
    var random = Random(28)
    let many = Case(21, 130, 45, &random), all = many.run(kernels(set), cut: false)
    for rows in 1...6 {
      var some = many
      some.rows = rows
      (some.x, some.dy) = (Array(many.x.prefix(rows * 130)), Array(many.dy.prefix(rows * 45)))
      some.mask = many.mask.map { Array($0.prefix(rows * 130)) }
      let run = some.run(kernels(set), cut: false)
      expectSame(run.y, Array(all.y.prefix(run.y.count)), "\(rows) rows")
      expectSame(run.dx, Array(all.dx.prefix(run.dx.count)), "\(rows) rows")
    }
  }

  @Test(arguments: instructionSets) func theSmallForm(set: String) {
    let k = kernels(set)
    var random = Random(29)
    for outputs in 1...16 {
      let test = Case(random.int(0...21), [1, 5, 16, 33, 70][random.int(0...4)], outputs, &random)
      let (rows, inputs) = (test.rows, test.inputs)
      let x = Floats(test.x), w = Floats(test.w), dy = Floats(test.dy), bias = test.bias.map { Floats($0) },
        mask = test.mask.map { Floats($0) }
      let packed = Floats.empty(inputs * (16 + outputs)), room = Floats.empty(16 * rows)
      let y = Floats.empty(rows * outputs), dx = Floats.empty(rows * inputs), dw = Floats.empty(inputs * outputs)
      k.few_pack(inputs, outputs, w.p, packed.p)
      k.few_forward(rows, inputs, outputs, x.p, packed.p, bias?.p, test.rectify ? 1 : 0, y.p)
      expectClose(y.values, test.y, 2e-6, "\(test)", atLeast: 1)
      k.few_backward_input(rows, inputs, outputs, dy.p, packed.p, mask?.p, dx.p)
      expectClose(dx.values, test.dx, 2e-6, "\(test)", atLeast: 1)
      k.few_backward_kernel(rows, inputs, outputs, x.p, dy.p, dw.p, inputs / 3, inputs, room.p)
      k.few_backward_kernel(rows, inputs, outputs, x.p, dy.p, dw.p, 0, inputs / 3, room.p)
      expectClose(dw.values, test.dw, 2e-6, "\(test)", atLeast: 1)
      expectSameOnWideSets("\(test)") { k in
        k.few_pack(inputs, outputs, w.p, packed.p)
        k.few_forward(rows, inputs, outputs, x.p, packed.p, bias?.p, test.rectify ? 1 : 0, y.p)
        k.few_backward_input(rows, inputs, outputs, dy.p, packed.p, mask?.p, dx.p)
        k.few_backward_kernel(rows, inputs, outputs, x.p, dy.p, dw.p, 0, inputs, room.p)
        return y.values + dx.values + dw.values
      }
    }
  }
}
