import DeepSwiftEngine
import Foundation

extension TrainingLoop {
  /// The training as it stands. Weights and the optimizer's numbers are not copied.
  func backup(isWithinEpoch: Bool) throws -> TrainingBackup {
    var tensors = model.parameters.map { (name: "model/\($0.name)", tensor: $0.parameter.view) }
    tensors += optimizerPlaces.map { ("optimizer/\($0.name)", optimizer.view($0.slot, of: $0.parameter)) }
    var stored: [TrainingState.StoredCallback] = []
    for (index, callback) in callbacks.enumerated() {
      let state = try callback.state(), kept = (state?.tensors ?? [:]).sorted { $0.key < $1.key }
      stored.append(.init(type: Self.kind(of: callback), values: state?.encoded, tensors: kept.map(\.key)))
      tensors += kept.map { (Self.name(of: $0.key, callback: index), $0.value) }
    }
    let state = TrainingState(
      setting: setting, position: position, data: data, seed: model.seed!, iteration: optimizer.iteration,
      learningRate: number(compilation.optimizer.learningRate), stopReason: run.stopReason, history: history,
      measured: isWithinEpoch ? try measure.state : nil, callbacks: stored)
    return TrainingBackup(state: state, tensors: tensors)
  }

  /// Goes to where a backup was made. What does not fit is thrown before the model is changed.
  func resume(from backup: TrainingBackup) throws {
    let state = backup.state
    let differences = state.setting.differences(from: setting)
    guard differences.isEmpty else {
      throw ModelError(
        .argument,
        "the backup belongs to another training:\n" + differences.joined(separator: "\n")
          + "\nGo on with the model and the data of then, or remove the backup to begin anew.")
    }
    let tensors = Dictionary(backup.tensors.map { ($0.name, $0.tensor) }) { $1 }
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let tensor = tensors[name], tensor.shape == shape, tensor.elementType == .float32 else {
        throw ModelError(.file, "the backup is damaged: it lacks \"\(name)\" of shape \(shape). Remove it to begin anew.")
      }
      return tensor
    }
    let weights = try model.parameters.map { ($0.parameter, try tensor("model/\($0.name)", $0.parameter.shape)) }
    let slots = try optimizerPlaces.map { ($0, try tensor("optimizer/\($0.name)", $0.parameter.shape)) }
    guard state.isPossible, state.position.epoch >= settings.initialEpoch else {
      throw ModelError(.file, "the backup is damaged: it stands at an impossible place. Remove it to begin anew.")
    }

    if !state.data.isOver {
      try feed.begin(pass: state.data.passes - 1, key: shuffleKey(state.data.iteration, seed: state.seed))
      try feed.skip(state.data.batches)
    }
    if let measured = state.measured { try measure.restore(measured) }
    (position, data, history) = (state.position, state.data, state.history)
    run.epoch = position.epoch
    try resumeCallbacks(state.callbacks, tensors)

    model.seed = state.seed
    for (parameter, tensor) in weights { parameter.tensor = tensor }
    for (place, tensor) in slots { optimizer.set(place.slot, of: place.parameter, to: tensor) }
    optimizer.iteration = state.iteration
    if let rate = state.learningRate { compilation.optimizer.learningRate = rate }
    model.history = history
    if let reason = state.stopReason { run.stop(because: reason) }
    run.print("Going on from the backup: epoch \(position.epoch + 1), step \(position.step + 1).")
  }

  /// Each callback finds its state by its type, and among those of one type by their order.
  private func resumeCallbacks(_ stored: [TrainingState.StoredCallback], _ tensors: [String: Tensor]) throws {
    var left = Array(stored.enumerated())
    for callback in callbacks {
      var state: CallbackState?
      if let place = left.firstIndex(where: { $0.element.type == Self.kind(of: callback) }) {
        let (index, found) = left.remove(at: place)
        var kept: [String: Tensor] = [:]
        for name in found.tensors { kept[name] = tensors[Self.name(of: name, callback: index)] }
        state = found.values.map { CallbackState(encoded: $0, tensors: kept) }
      }
      let hasFields = !Mirror(reflecting: callback).children.isEmpty
      if state == nil, hasFields, !(callback is any BackupKeeper), !(callback is any Stateless) {
        run.print("\(type(of: callback)) keeps no state in backups, so it begins anew.")
      }
      do {
        try callback.trainingResumed(from: state, run)
      } catch let error as DecodingError {
        throw ModelError(.file, at: "\(type(of: callback))", "its state in the backup cannot be read: \(error)")
      }
    }
    for (_, lost) in left where lost.values != nil {
      run.print("The backup has the state of a \(lost.type), which this training does without.")
    }
  }

  func makeSetting() -> TrainingSetting {
    let names = model.parameters, compilation = compilation
    let trained = Set(compilation.trainable ?? [])
    return TrainingSetting(
      weights: Dictionary(names.map { ($0.name, $0.parameter.shape) }) { $1 },
      trainedWeights: names.filter { trained.contains($0.parameter.id) }.map(\.name),
      optimizer: "\(type(of: compilation.optimizer))", losses: compilation.losses.map { $0.map { "\(type(of: $0))" } ?? "none" },
      metrics: measure.logs.keys, data: feed.signature, validation: validation?.feed.signature,
      stepsPerEpoch: settings.stepsPerEpoch, initialEpoch: settings.initialEpoch,
      validationFrequency: settings.validationFrequency)
  }

  private var optimizerPlaces: [OptimizerState.Place] { optimizer.places(in: model) }

  /// The rate itself where it does not change from step to step.
  private func number(_ schedule: any LearningRateSchedule) -> Float? {
    schedule is Float || schedule is Double || schedule is Int ? schedule.rate(at: 0) : nil
  }

  private static func kind(of callback: any Callback) -> String { "\(type(of: callback))" }
  private static func name(of tensor: String, callback: Int) -> String { "callbacks/\(callback)/\(tensor)" }
}

extension OptimizerState {
  /// Where some of the optimizer's numbers lie.
  package struct Place {
    /// What they are called in files: `slot_0/dense/kernel`.
    package var name: String
    package var slot: Int
    package var parameter: Parameter
  }

  package func places(in model: Model) -> [Place] {
    let names = Dictionary(model.parameters.map { ($0.parameter.id, $0.name) }) { first, _ in first }
    return (0..<slotCount).flatMap { slot in
      parameters.map { Place(name: "slot_\(slot)/\(names[$0.id] ?? $0.path)", slot: slot, parameter: $0) }
    }
  }
}

/// A callback that has settings and nothing to remember.
protocol Stateless: Callback {}

extension LearningRateScheduler: Stateless {}
extension LambdaCallback: Stateless {}
extension TerminateOnNaN: Stateless {}
extension TimeStopping: Stateless {}
