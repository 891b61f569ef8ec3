/// What `summary()` prints: Keras' table of layers, drawn from plain data.
package struct SummaryTable: Sendable {
  /// A layer, or a layer of a nested model.
  package struct Row: Sendable {
    package var name: String
    package var type: String
    /// `(None, 28, 28)`, or `?` before the shape is known.
    package var outputShape: String
    /// `nil` before the layer is built.
    package var parameterCount: Int?
    /// Where the inputs come from: `dense_1[0][0]`.
    package var connections: [String]
    /// `nil` for a layer without weights.
    package var trainable: Bool?
    /// How many models the layer is nested in.
    package var depth: Int

    package init(
      name: String, type: String, outputShape: String = "?", parameterCount: Int?, connections: [String] = [],
      trainable: Bool? = nil, depth: Int = 0
    ) {
      self.name = name
      self.type = type
      self.outputShape = outputShape
      self.parameterCount = parameterCount
      self.connections = connections
      self.trainable = trainable
      self.depth = depth
    }
  }

  package var modelName: String
  package var rows: [Row]
  package var trainableCount: Int
  package var nonTrainableCount: Int
  /// The optimizer's own numbers, once there are any: slots, step count, learning rate.
  package var optimizerCount: Int?
  /// For graphs that are no simple chain.
  package var showsConnections: Bool
  package var showsTrainable: Bool

  package init(
    modelName: String, rows: [Row], trainableCount: Int, nonTrainableCount: Int = 0, optimizerCount: Int? = nil,
    showsConnections: Bool = false, showsTrainable: Bool = false
  ) {
    self.modelName = modelName
    self.rows = rows
    self.trainableCount = trainableCount
    self.nonTrainableCount = nonTrainableCount
    self.optimizerCount = optimizerCount
    self.showsConnections = showsConnections
    self.showsTrainable = showsTrainable
  }

  /// The table and the counts below it.
  ///
  /// - Parameter width: characters per line; what fits the terminal, but no more than is good to read, if not given.
  package func text(width: Int? = nil) -> String {
    let comfortable = (showsConnections ? 108 : 88) + (showsTrainable ? 12 : 0)
    let width = max(36, width ?? min(comfortable, terminalColumns() - 4))
    let table = BoxTable(columns: columns(width: width), width: width)
    return ["Model: \"\(modelName)\"", table.text(rows: rows.map(cells)), footer].joined(separator: "\n")
  }

  /// Shapes as Keras writes them, the unknown batch size first: `(None, 28, 28)`.
  package static func shapeText(_ dimensions: [Int]) -> String {
    dimensions.isEmpty ? "(None,)" : "(None, " + dimensions.map(String.init).joined(separator: ", ") + ")"
  }
}

extension SummaryTable {
  private func columns(width: Int) -> [BoxTable.Column] {
    var titles: [(String, BoxTable.Alignment)] = [("Layer (type)", .left), ("Output Shape", .left)]
    titles.append(("Param #", .right))
    if showsConnections { titles.append(("Connected to", .left)) }
    var ends = showsConnections ? [0.3, 0.56, 0.74, 1.0] : [0.45, 0.80, 1.0]
    if showsTrainable {
      titles.append(("Trainable", .center))
      ends = ends.map { $0 * 0.9 } + [1.0]
    }
    let stops = [0] + ends.map { Int($0 * Double(width)) }
    return zip(titles, zip(stops, stops.dropFirst())).map { title, stop in
      BoxTable.Column(title: title.0, alignment: title.1, width: stop.1 - stop.0)
    }
  }

  private func cells(_ row: Row) -> [String] {
    let branch = row.depth > 0 ? String(repeating: "   ", count: row.depth) + "└ " : ""
    var cells = ["\(branch)\(row.name) (\(row.type))", row.outputShape]
    cells.append(row.parameterCount.map(withCommas) ?? "0 (unbuilt)")
    if showsConnections { cells.append(row.connections.isEmpty ? "-" : row.connections.joined(separator: ", ")) }
    if showsTrainable { cells.append(row.trainable.map { $0 ? "Y" : "N" } ?? "-") }
    return cells
  }

  private var footer: String {
    let total = trainableCount + nonTrainableCount + (optimizerCount ?? 0)
    var lines = [("Total", total), ("Trainable", trainableCount), ("Non-trainable", nonTrainableCount)]
    if let optimizerCount { lines.append(("Optimizer", optimizerCount)) }
    return lines.map { " \($0) params: \(withCommas($1)) (\(memorySize(floats: $1)))" }.joined(separator: "\n")
  }
}

/// `1,234,567`
package func withCommas(_ number: Int) -> String {
  let digits = String(number.magnitude)
  var text = ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
    text.append(digit)
  }
  return number < 0 ? "-" + text : text
}
