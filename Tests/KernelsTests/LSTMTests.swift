import DeepSwiftKernels
import Foundation
import Testing

@Suite(.watchedMemory) struct LSTMTests {
  struct Case: CustomStringConvertible {
    let l: ds_lstm
    let rows: Int
    let x, kernel, recurrent, dy: [Float]
    let bias, h0, c0: [Float]?

    init(_ rows: Int, _ steps: Int, _ inputs: Int, _ units: Int, _ random: inout Random) {
      let output = [ds_lstm_last, ds_lstm_sequence, ds_lstm_sequence_and_cell][random.int(0...2)]
      l = ds_lstm(steps: steps, inputs: inputs, units: units, backwards: random.bool() ? 1 : 0, output: output)
      self.rows = rows
      x = random.floats(rows * steps * inputs)
      let limit = 1 / Float(inputs + units).squareRoot()
      kernel = random.floats(inputs * 4 * units, -limit, limit)
      recurrent = random.floats(units * 4 * units, -limit, limit)
      bias = random.bool() ? random.floats(4 * units) : nil
      let starts = random.bool()
      h0 = starts ? random.floats(rows * units) : nil
      c0 = starts ? random.floats(rows * units) : nil
      dy = random.floats(rows * (output == ds_lstm_last ? 1 : output == ds_lstm_sequence ? steps : steps + 1) * units)
    }

    var description: String { "\(rows) rows, \(l.steps) steps, \(l.inputs) -> \(l.units), output \(l.output.rawValue)" }

    struct Results {
      var y, dx, dKernel, dRecurrent, dBias, dh0, dc0: [Double]
    }

    /// Forward and back in double, one row after the other.
    var twin: Results {
      let (steps, inputs, units) = (l.steps, l.inputs, l.units), line = 4 * units, yRow = dy.count / max(rows, 1)
      let (x, w, u, dy) = (x.doubles, kernel.doubles, recurrent.doubles, dy.doubles)
      var r = Results(
        y: [], dx: Array(repeating: 0, count: x.count), dKernel: Array(repeating: 0, count: w.count),
        dRecurrent: Array(repeating: 0, count: u.count), dBias: Array(repeating: 0, count: line), dh0: [], dc0: [])
      for row in 0..<rows {
        func start(_ state: [Float]?) -> [Double] {
          state.map { $0[row * units..<(row + 1) * units].map(Double.init) } ?? Array(repeating: 0, count: units)
        }
        var hs = [start(h0)], cs = [start(c0)]
        var gates: [[Double]] = []
        func place(_ step: Int) -> Int { (row * steps + (l.backwards != 0 ? steps - 1 - step : step)) * inputs }
        for step in 0..<steps {
          var z = bias?.doubles ?? Array(repeating: 0, count: line)
          for n in 0..<line {
            for k in 0..<inputs { z[n] += x[place(step) + k] * w[k * line + n] }
            for k in 0..<units { z[n] += hs[step][k] * u[k * line + n] }
            z[n] = (2 * units..<3 * units).contains(n) ? tanh(z[n]) : 1 / (1 + exp(-z[n]))
          }
          let c = (0..<units).map { z[units + $0] * cs[step][$0] + z[$0] * z[2 * units + $0] }
          cs.append(c)
          hs.append((0..<units).map { z[3 * units + $0] * tanh(c[$0]) })
          gates.append(z)
        }
        let whole = hs.dropFirst().flatMap { $0 }
        r.y += l.output == ds_lstm_last ? hs[steps] : l.output == ds_lstm_sequence ? whole : whole + cs[steps]
        var dh = Array(repeating: 0.0, count: units), dc = dh
        if l.output == ds_lstm_sequence_and_cell { dc = (0..<units).map { dy[row * yRow + steps * units + $0] } }
        for step in (0..<steps).reversed() {
          let z = gates[step]
          var dz = Array(repeating: 0.0, count: line)
          for n in 0..<units {
            if l.output != ds_lstm_last {
              dh[n] += dy[row * yRow + step * units + n]
            } else if step == steps - 1 {
              dh[n] += dy[row * yRow + n]
            }
            let (i, f, g, o, t) = (z[n], z[units + n], z[2 * units + n], z[3 * units + n], tanh(cs[step + 1][n]))
            dc[n] += dh[n] * o * (1 - t * t)
            dz[n] = dc[n] * g * i * (1 - i)
            dz[units + n] = dc[n] * cs[step][n] * f * (1 - f)
            dz[2 * units + n] = dc[n] * i * (1 - g * g)
            dz[3 * units + n] = dh[n] * t * o * (1 - o)
            dc[n] *= f
          }
          for k in 0..<units {
            dh[k] = 0
            for n in 0..<line { dh[k] += dz[n] * u[k * line + n] }
          }
          for n in 0..<line {
            r.dBias[n] += dz[n]
            for k in 0..<inputs {
              r.dKernel[k * line + n] += x[place(step) + k] * dz[n]
              r.dx[place(step) + k] += dz[n] * w[k * line + n]
            }
            for k in 0..<units { r.dRecurrent[k * line + n] += hs[step][k] * dz[n] }
          }
        }
        r.dh0 += dh
        r.dc0 += dc
      }
      return r
    }

    /// In shards of these sizes; weights packed part by part.
    func run(_ k: ds_kernels, shards: [Int], keeps: Bool = true) -> (y: [Float], back: [[Float]]) {
      var l = l
      let line = 4 * l.units, sequence = l.steps * l.inputs, yRow = dy.count / max(rows, 1)
      let x = Floats(x), w = Floats(kernel), u = Floats(recurrent), b = bias.map { Floats($0) }, dy = Floats(dy)
      let h = h0.map { Floats($0) }, c = c0.map { Floats($0) }
      let packed = Floats.empty(k.lstm_packed_size(&l)), turned = Floats.empty(k.lstm_turned_size(&l))
      for part in (0..<k.lstm_pack_parts(&l)).reversed() { k.lstm_pack(&l, w.p, u.p, b?.p, packed.p, part, part + 1) }
      let middle = k.lstm_turn_parts(&l) / 2
      k.lstm_turn(&l, w.p, u.p, turned.p, middle, k.lstm_turn_parts(&l))
      k.lstm_turn(&l, w.p, u.p, turned.p, 0, middle)
      let size = k.lstm_kept_size(&l), sums = k.lstm_packed_size(&l)
      let y = Floats.empty(rows * yRow), dx = Floats.empty(rows * sequence), kept = Floats.empty(rows * size)
      let dh = Floats.empty(rows * l.units), dc = Floats.empty(rows * l.units), sum = Floats.empty(sums * shards.count)
      let room = Floats.empty(k.lstm_workspace(&l))
      var first = 0
      for (shard, count) in shards.enumerated() {
        let own = kept.p + first * size
        k.lstm_forward(
          &l, count, x.p + first * sequence, packed.p, h.map { $0.p + first * l.units }, c.map { $0.p + first * l.units },
          y.p + first * yRow, keeps ? own : nil, room.p)
        if keeps {
          k.lstm_backward(
            &l, count, x.p + first * sequence, turned.p, own, dy.p + first * yRow, 1, sum.p + shard * sums,
            dx.p + first * sequence, dh.p + first * l.units, dc.p + first * l.units, room.p)
        }
        first += count
      }
      guard keeps else { return (y.values, []) }
      let dw = Floats.empty(l.inputs * line), du = Floats.empty(l.units * line), db = Floats.empty(line)
      let parts = k.lstm_finish_parts(&l)
      k.lstm_finish(&l, shards.count, sums, sum.p, dw.p, du.p, db.p, parts / 3, parts)
      k.lstm_finish(&l, shards.count, sums, sum.p, dw.p, du.p, db.p, 0, parts / 3)
      return (y.values, [dx.values, dh.values, dc.values, dw.values, du.values, db.values])
    }
  }

  static func cases(_ random: inout Random) -> [Case] {
    let sizes = [1, 2, 3, 7, 15, 16, 17, 31, 33]
    return (0..<24).map { _ in
      Case(random.int(1...19), random.int(1...36), sizes[random.int(0...8)], sizes[random.int(0...8)], &random)
    } + [Case(5, 3, 64, 64, &random), Case(2, 3, 70, 130, &random), Case(0, 3, 2, 2, &random)]
  }

  @Test(arguments: instructionSets) func anySize(set: String) {
    var random = Random(41)
    for test in Self.cases(&random) {
      let run = test.run(kernels(set), shards: [test.rows]), twin = test.twin
      expectClose(run.y, twin.y, 3e-6, "output \(test)", atLeast: 0.1)
      let back = [twin.dx, twin.dh0, twin.dc0, twin.dKernel, twin.dRecurrent, twin.dBias]
      for (index, (ours, expected)) in zip(run.back, back).enumerated() {
        expectClose(ours, expected, 1e-5, "gradient \(index) \(test)", atLeast: 0.1)
      }
      expectSame(test.run(kernels(set), shards: [test.rows], keeps: false).y, run.y, "nothing kept \(test)")
    }
  }

  /// Rows do not know each other: all but the sums over rows are the same in any company.
  @Test(arguments: instructionSets) func shards(set: String) {
    var random = Random(42)
    let test = Case(21, 18, 5, 19, &random), whole = test.run(kernels(set), shards: [21]), twin = test.twin
    for shards in [[1, 20], [9, 3, 9], Array(repeating: 1, count: 21)] {
      let cut = test.run(kernels(set), shards: shards)
      expectSame(cut.y, whole.y, "\(shards)")
      for index in 0..<3 { expectSame(cut.back[index], whole.back[index], "\(shards)") }
      expectClose(cut.back[3], twin.dKernel, 1e-5, "\(shards)")
      expectClose(cut.back[5], twin.dBias, 1e-5, "\(shards)")
    }
  }

  @Test func wideSetsAgree() {
    var random = Random(43)
    for test in Self.cases(&random) {
      expectSameOnWideSets("\(test)") {
        let run = test.run($0, shards: [test.rows])
        return run.y + run.back.flatMap { $0 }
      }
    }
  }

  /// Saturated gates are exact, and what is no number stays none.
  @Test(arguments: instructionSets) func extremes(set: String) {
    let k = kernels(set)
    var l = ds_lstm(steps: 2, inputs: 1, units: 1, backwards: 0, output: ds_lstm_sequence)
    let packed = Floats.empty(k.lstm_packed_size(&l)), room = Floats.empty(k.lstm_workspace(&l)), y = Floats.empty(2)
    let w = Floats([1000, 1000, 1000, 1000]), u = Floats([0, 0, 0, 0])
    k.lstm_pack(&l, w.p, u.p, nil, packed.p, 0, 1)
    for (x, expected) in [(Float(1), [tanh(1), tanh(2)]), (-1, [0, 0]), (.nan, [Double.nan, .nan])] {
      k.lstm_forward(&l, 1, Floats([x, x]).p, packed.p, nil, nil, y.p, nil, room.p)
      expectClose(y.values, expected, 1e-6, "\(x)")
    }
  }
}
