import DeepSwiftEngine

/// What a program of a model is for.
///
/// Services ask for one row at a time, as fast as can be: that is planned for itself.
enum ProgramKind: Hashable { case training, evaluation, prediction, predictionOfOne }

/// A program of a model, and what of the data it was planned for.
struct PlannedProgram {
  let program: Program
  let targetShapes: [Shape?]
  let hasWeights: [Bool]
  /// For each output its place among the program's losses.
  let lossPlaces: [Int?]
  /// For each output the places of its target and its sample weights among the program's outputs.
  let targetPlaces, weightPlaces: [Int?]
  let penaltyCount: Int
  /// The places of what activations add, among the program's losses.
  let activityPlaces: Range<Int>

  func serves(batchSize: Int, targetShapes: [Shape?], hasWeights: [Bool]) -> Bool {
    batchSize <= program.settings.capacity && targetShapes == self.targetShapes && hasWeights == self.hasWeights
  }
}

extension Model {
  /// The program for such data: the one planned before if it serves, else a new one.
  func program(_ kind: ProgramKind, batchSize: Int, targetShapes: [Shape?], hasWeights: [Bool]) throws -> PlannedProgram {
    if let known = programs[kind],
      known.serves(batchSize: batchSize, targetShapes: targetShapes, hasWeights: hasWeights)
    {
      return known
    }
    let expression = try built()
    var settings = programSettings
    settings.capacity = batchSize
    settings.mode = kind == .training ? .training : .inference
    let planned = try plan(kind, expression, settings, targetShapes, hasWeights)
    programs[kind] = planned
    return planned
  }

  func plan(
    _ kind: ProgramKind, _ expression: Expression, _ settings: ProgramSettings, _ targetShapes: [Shape?], _ hasWeights: [Bool]
  ) throws -> PlannedProgram {
    let count = expression.outputs.count
    if kind == .prediction || kind == .predictionOfOne {
      let program = try Program(inputs: expression.inputs, outputs: expression.outputs, settings: settings)
      let none: [Int?] = Array(repeating: nil, count: count)
      return PlannedProgram(
        program: program, targetShapes: targetShapes, hasWeights: hasWeights, lossPlaces: none, targetPlaces: none,
        weightPlaces: none, penaltyCount: 0, activityPlaces: 0..<0)
    }

    let compilation = try compiled()
    let targets = targetShapes.map { $0.map { Input(shape: $0) } }
    let weights = hasWeights.map { $0 ? Input(shape: []) : nil }
    var outputs = expression.outputs, terms: [LossTerm] = []
    var lossPlaces: [Int?] = [], targetPlaces: [Int?] = [], weightPlaces: [Int?] = []
    for index in 0..<count {
      guard let target = targets[index] else {
        lossPlaces.append(nil)
        targetPlaces.append(nil)
        weightPlaces.append(nil)
        continue
      }
      targetPlaces.append(outputs.count)
      outputs.append(target)
      weightPlaces.append(weights[index] == nil ? nil : outputs.count)
      if let weight = weights[index] { outputs.append(weight) }
      // An output without a loss is only measured.
      guard let loss = compilation.losses[index] else {
        lossPlaces.append(nil)
        continue
      }
      lossPlaces.append(terms.count)
      var value = LossTerm(loss(target, expression.outputs[index])).value
      try checkLoss(value, loss, structure!.outputNames[index])
      if let weight = weights[index] { value = value * weight }
      terms.append(LossTerm(value, weight: compilation.lossWeights[index]))
    }

    let activityPlaces = terms.count..<terms.count + expression.activityPenalties.count
    terms += expression.activityPenalties.map { LossTerm($0) }

    let optimizer = compilation.optimizer
    let program = try Program(
      inputs: expression.inputs + targets.compactMap { $0 } + weights.compactMap { $0 }, outputs: outputs, losses: terms,
      penalties: expression.penalties, settings: settings
    ) { [self] plan, trained in
      let state = optimizerState(of: compilation)
      plan.update(
        trained, state, clipping: optimizer.clipping?.inPlan, decay: optimizer.weightDecay ?? 0, apply: optimizer.apply)
    }
    return PlannedProgram(
      program: program, targetShapes: targetShapes, hasWeights: hasWeights, lossPlaces: lossPlaces,
      targetPlaces: targetPlaces, weightPlaces: weightPlaces, penaltyCount: expression.penalties.count,
      activityPlaces: activityPlaces)
  }

  private func checkLoss(_ value: Node, _ loss: any Loss, _ output: String) throws {
    let place = "loss \(type(of: loss)) of output \"\(output)\""
    if var error = value.error {
      error.place = place
      throw error
    }
    guard value.isPerSample else {
      throw ModelError(.shape, at: place, "the formula does not depend on the prediction of each sample")
    }
  }
}
