import DeepSwiftEngine
import TestSupport
import Testing

@Suite struct NodeFunctionsTests {
  @Test func numbersOnEitherSide() throws {
    let x = Input(shape: [3]), rows: [[Float]] = [[1, 2, -4]]
    #expect(try run(x + 1, of: x, rows) == [2, 3, -3])
    #expect(try run(1 - x, of: x, rows) == [0, -1, 5])
    #expect(try run(x - 1, of: x, rows) == [0, 1, -5])
    #expect(try run(3 * x, of: x, rows) == [3, 6, -12])
    #expect(try run(x / 2, of: x, rows) == [0.5, 1, -2])
    #expect(try run(4 / x, of: x, rows) == [4, 2, -1])
    #expect(try run(-x, of: x, rows) == [-1, -2, 4])
    #expect(try run(x.scaled(by: 2, offset: 1), of: x, rows) == [3, 5, -7])
    #expect(try run(maximum(0, x) + minimum(x, 1), of: x, rows) == [2, 3, -4])
    #expect(try run(clip(x, -1, 1.5), of: x, rows) == [1, 1.5, -1])
    #expect(try run(pow(x, 2) + pow(x, 3), of: x, rows) == [2, 12, -48])
  }

  @Test func comparisonsWithNumbers() throws {
    let x = Input(shape: [3]), rows: [[Float]] = [[1, 2, 3]]
    #expect(try run(x .< 2, of: x, rows) == [1, 0, 0])
    #expect(try run(x .<= 2, of: x, rows) == [1, 1, 0])
    #expect(try run(x .> 2, of: x, rows) == [0, 0, 1])
    #expect(try run(x .>= 2, of: x, rows) == [0, 1, 1])
    #expect(try run(x .== 2, of: x, rows) == [0, 1, 0])
    #expect(try run(x .!= 2, of: x, rows) == [1, 0, 1])
  }

  @Test func reductionsAndPlaces() throws {
    let x = Input(shape: [2, 3]), rows: [[Float]] = [[1, 7, 3, 9, 5, 6]]
    #expect(try run(x.variance(axes: [1]), of: x, [[1, 2, 3, 0, 0, 3]]) == [2.0 / 3, 2])
    #expect(try run(x.argmax(), of: x, rows) == [1, 0])
    #expect(try run(x.argmax(axis: 0), of: x, rows) == [1, 0, 1])
    #expect(try run(x[1], of: x, rows) == [9, 5, 6])
    #expect(try run(x.at(-1, axis: 1), of: x, rows) == [3, 6])
    #expect(try run(x[0].argmax().oneHot(classes: 3), of: x, rows) == [0, 1, 0])
  }

  @Test func functionsAwayFromTheMiddle() throws {
    let x = Input(shape: [3])
    #expect(try run(softplus(x), of: x, [[-200, 0, 200]]) == [0, 0.6931472, 200])
    #expect(try run(sigmoid(x), of: x, [[-200, 0, 200]]) == [0, 0.5, 1])
    #expect(try run(tanh(x), of: x, [[-200, 0, 200]]) == [-1, 0, 1])
    #expect(try run(round(x), of: x, [[0.5, 1.5, -2.5]]) == [0, 2, -2])
    expectClose(try run(log1p(x), of: x, [[1e-7, 1, 3]]), [1e-7, 0.6931472, 1.3862944] as [Float])
  }
}
