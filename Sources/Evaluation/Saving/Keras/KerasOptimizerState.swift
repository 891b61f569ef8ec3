import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftTraining

/// The numbers of an optimizer as Keras keeps them: steps taken, the learning rate where it is no schedule, then for each
/// weight the optimizer's own.
enum KerasOptimizerState {
  static func datasets(_ compilation: Compilation, _ order: [Parameter]) -> [HDF5Dataset] {
    let optimizer = compilation.optimizer, state = compilation.state
    var values = [HDF5Dataset(Tensor(Int32(clamping: state?.iteration ?? 0)))]
    if isNumber(optimizer.learningRate) { values.append(HDF5Dataset(Tensor(optimizer.learningRate.rate(at: 0)))) }
    guard let state else { return values }
    for (slot, parameter) in slots(optimizer, state, order) {
      let shape = state.parameters[parameter].shape
      values.append(HDF5Dataset(Tensor(state.slot(slot, of: parameter), shape: shape)))
    }
    return values
  }

  private static func isNumber(_ rate: any LearningRateSchedule) -> Bool { rate is Float || rate is Double || rate is Int }

  /// The slots in the order of the file, each with the place of its weight. Some belong together, weight by weight; others
  /// follow for all weights. Files of old versions have one slot after the other.
  private static func slots(
    _ optimizer: any Optimizer, _ state: OptimizerState, _ order: [Parameter], isBySlot: Bool = false
  ) -> [(slot: Int, parameter: Int)] {
    let places = Dictionary(uniqueKeysWithValues: state.parameters.enumerated().map { ($1.id, $0) })
    let trained = order.compactMap { places[$0.id] }
    let groups = isBySlot ? nil : (optimizer as? any KerasOptimizer)?.slotGroups
    return (groups ?? (0..<state.slotCount).map { [$0] }).flatMap { group in
      trained.flatMap { place in group.map { (slot: $0, parameter: place) } }
    }
  }

  /// Gives the model's optimizer the numbers of a file; nothing is changed if they do not fit.
  static func load(_ root: HDF5Group, _ model: Model, place: String) throws {
    guard let compilation = model.compilation else { return }
    try load(
      KerasWeights.datasets(root, "optimizer/"), model, place: place, hasRate: isNumber(compilation.optimizer.learningRate),
      compilation)
  }

  static func load(
    _ stored: [HDF5Dataset], _ model: Model, place: String, isBySlot: Bool = false, hasRate: Bool, _ compilation: Compilation
  ) throws {
    guard !stored.isEmpty else { return }
    func fault(_ message: String) -> ModelError {
      ModelError(
        .file, at: "\(place), optimizer \(type(of: compilation.optimizer))",
        message + ". To begin with an optimizer of its own, load the model with compile: false, and compile it anew.")
    }
    guard stored[0].shape.isEmpty, let iteration = try stored[0].integers().first, let steps = Int32(exactly: iteration),
      steps >= 0
    else { throw fault("the number of steps is expected, found an array of shape \(stored[0].shape)") }
    var slots = stored.dropFirst(), rate: Float?
    if hasRate, let number = slots.popFirst() {
      guard number.shape.isEmpty else {
        throw fault("the learning rate is expected, found an array of shape \(number.shape)")
      }
      rate = try number.floats().first
    }
    if !slots.isEmpty || steps > 0 {
      let state = try model.optimizerState()
      let order = Self.slots(
        compilation.optimizer, state, KerasLayout(model, name: "").parameters, isBySlot: isBySlot)
      guard slots.count == order.count else {
        throw fault(
          "\(order.count) arrays are expected for the weights that are trainable, found \(slots.count); which layers are frozen "
            + "may have changed after compile")
      }
      var numbers: [[Float]] = []
      for (dataset, place) in zip(slots, order) {
        let shape = state.parameters[place.parameter].shape
        guard dataset.shape == shape.dimensions else {
          throw fault("an array of shape \(shape) is expected, found \(dataset.shape)")
        }
        numbers.append(try dataset.floats())
      }
      for (values, place) in zip(numbers, order) {
        let parameter = state.parameters[place.parameter]
        state.set(place.slot, of: parameter, to: Tensor(values, shape: parameter.shape))
      }
      state.iteration = Int(steps)
    }
    if let rate, isNumber(compilation.optimizer.learningRate) { compilation.optimizer.learningRate = rate }
  }
}
