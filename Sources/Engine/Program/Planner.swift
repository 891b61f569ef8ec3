/// A term of the loss: its value for each sample, and how much it counts.
package struct LossTerm {
  /// One number for each sample.
  package let value: Node
  package let weight: Float

  package init(_ value: Node, weight: Float = 1) {
    self.value = value.shape.rank == 0 ? value : value.mean()
    self.weight = weight
  }
}

/// A weight that is trained, as the optimizer meets it.
package struct TrainedWeight {
  package let parameter: Parameter
  package let value, gradient: Buffer
  /// Where its gradient begins in the flat buffer of all gradients.
  package let offset: Int
  package var count: Int { parameter.count }
}

/// Walks an expression once forward and once back and lets each op add its steps.
struct Planner {
  private(set) var plan: Plan
  private(set) var outputs: [Buffer] = [], losses: [Buffer] = [], penalties: [Buffer] = []
  private(set) var trained: [TrainedWeight] = []
  private(set) var inputGradients: [ObjectIdentifier: Buffer] = [:]
  /// The gradients of all trained weights, one behind the other.
  let gradients: Memory
  let gradientCount: Int

  private let order: [Node]
  private var values: [ObjectIdentifier: Buffer] = [:], gradientOf: [ObjectIdentifier: Buffer] = [:]
  /// Nodes whose gradient buffer holds the gradient before a rectifier.
  private var rectified: Set<ObjectIdentifier> = []
  /// Nodes that a gradient reaches.
  private let active: Set<ObjectIdentifier>
  /// The gradients that each of several consumers of a node writes, and nodes where not every consumer masks its own.
  private var parts: [ObjectIdentifier: [Buffer]] = [:], unmasked: Set<ObjectIdentifier> = []
  private var consumers: [ObjectIdentifier: Int] = [:]
  /// Values that can be computed again on the way back, from others that are kept; where they lie then; which of these are.
  private var repeatable: [Buffer: Site] = [:], copies: [Buffer: Buffer] = [:], computed: Set<Buffer> = []

  init(
    inputs: [Node], outputs wanted: [Node], losses terms: [LossTerm], penalties fines: [Node], settings: ProgramSettings,
    update: ((inout Plan, [TrainedWeight]) -> Void)?
  ) {
    let all = wanted + terms.map(\.value) + fines, choice = ModeChoice(all, settings.mode), roots = all.map { choice[$0] }
    let fusion = settings.isFusing ? Fusion(roots, mode: settings.mode) : nil
    func final(_ node: Node) -> Node { fusion?[choice[node]] ?? choice[node] }
    order = Node.sorted(roots.map(final))
    plan = Plan(settings)
    plan.numberSources(inputs)

    let isTraining = settings.mode == .training
    let active = isTraining ? Self.active(order, toward: (terms.map(\.value) + fines).map(final), settings) : []
    self.active = active
    let weights = order.filter { active.contains($0.id) && $0.op is ParameterOp }
    gradientCount = weights.reduce(0) { $0 + Memory.rounded($1.count) }
    gradients = Memory(floats: weights.reduce(0) { $0 + Memory.rounded($1.count) })

    countConsumers(terms.map { final($0.value) } + fines.map(final))
    for node in weights {
      let parameter = (node.op as! ParameterOp).parameter
      let gradient = gradients.take(parameter.count)
      let value = plan.buffer(.fixed(parameter.values, count: parameter.count))
      let buffer = plan.buffer(.fixed(gradient, count: parameter.count))
      values[node.id] = value
      gradientOf[node.id] = buffer
      trained.append(
        TrainedWeight(parameter: parameter, value: value, gradient: buffer, offset: gradient - gradients.base))
    }

    let sites = order.map { forward($0) }
    outputs = wanted.map { values[final($0).id]! }
    losses = terms.map { values[final($0.value).id]! }
    penalties = fines.map { values[final($0).id]! }
    for buffer in outputs + losses + penalties { plan.keep(buffer) }

    guard isTraining else { return }
    for term in terms { seed(final(term.value), term.weight, byRow: true) }
    for fine in fines { seed(final(fine), 1, byRow: false) }
    for site in sites.reversed() where active.contains(site.node.id) { backward(site) }
    update?(&plan, trained)
  }

  /// The nodes that lie on a way that a gradient takes from the loss to a trained weight.
  private static func active(_ order: [Node], toward roots: [Node], _ settings: ProgramSettings) -> Set<ObjectIdentifier> {
    // What only a comparison or `stopGradient` uses influences the loss, but no gradient comes back to it.
    var reached = Set(roots.map(\.id))
    for node in order.reversed() where reached.contains(node.id) && node.op.passesGradients {
      reached.formUnion(node.inputs.map(\.id))
    }
    var active: Set<ObjectIdentifier> = []
    for node in order where reached.contains(node.id) {
      let isActive =
        if let weight = node.op as? ParameterOp {
          weight.isTrained
        } else if node.op is InputOp {
          settings.keepsInputGradients
        } else {
          node.op.passesGradients && node.inputs.contains { active.contains($0.id) }
        }
      if isActive { active.insert(node.id) }
    }
    return active
  }

  private mutating func countConsumers(_ roots: [Node]) {
    for node in order where active.contains(node.id) {
      for input in node.inputs where active.contains(input.id) { consumers[input.id, default: 0] += 1 }
    }
    for root in roots where active.contains(root.id) { consumers[root.id, default: 0] += 1 }
  }

  /// Where one consumer of `node` writes the gradient toward it.
  private mutating func gradientBuffer(toward node: Node) -> Buffer? {
    guard active.contains(node.id), let whole = gradientOf[node.id] else { return nil }
    // Each of several consumers writes a gradient of its own; they are added before the producer's turn comes.
    guard consumers[node.id]! > 1 else { return whole }
    let part = plan.buffer(for: node)
    parts[node.id, default: []].append(part)
    return part
  }

  /// Lets inputs share the gradient of a node that passes it on: one that nobody else uses owns it, and those with more
  /// consumers count it among their parts. The inputs that are left get a copy.
  private mutating func inputGradients(of node: Node, sharedBy shared: [Int]) -> [Buffer?] {
    func isSole(_ input: Node) -> Bool { active.contains(input.id) && consumers[input.id] == 1 }
    let owner = shared.first { isSole(node.inputs[$0]) && !rectified.contains(node.inputs[$0].id) }
    let gradient = owner.flatMap { gradientOf[node.inputs[$0].id] } ?? plan.buffer(for: node)
    gradientOf[node.id] = gradient
    return node.inputs.enumerated().map { index, input in
      guard shared.contains(index) else { return gradientBuffer(toward: input) }
      if index == owner || !active.contains(input.id) { return nil }
      if isSole(input) { return gradientOf[input.id] }
      parts[input.id, default: []].append(gradient)
      unmasked.insert(input.id)
      return nil
    }
  }

  private mutating func forward(_ node: Node) -> Site {
    let isView = node.op.isView(in: plan.mode), isActive = active.contains(node.id)
    let shared = node.isPerSample ? node.op.inputsSharingGradient(of: node) : []
    let inputGradients =
      if !isActive {
        [Buffer?](repeating: nil, count: node.inputs.count)
      } else if shared.isEmpty {
        node.inputs.map { gradientBuffer(toward: $0) }
      } else {
        inputGradients(of: node, sharedBy: shared)
      }
    if isView {
      values[node.id] = values[node.inputs[0].id]!
      gradientOf[node.id] = inputGradients[0]
      if rectified.contains(node.inputs[0].id) { rectified.insert(node.id) }
    } else {
      if let weight = node.op as? ParameterOp, values[node.id] == nil {
        values[node.id] = plan.buffer(.fixed(weight.parameter.values, count: weight.parameter.count))
      } else if values[node.id] == nil {
        values[node.id] = plan.buffer(for: node)
      }
      if isActive, gradientOf[node.id] == nil { gradientOf[node.id] = plan.buffer(for: node) }
      if node.op.rectifies { rectified.insert(node.id) }
    }
    if node.op is InputOp, let gradient = gradientOf[node.id], let key = (node.op as? InputOp)?.key {
      plan.keep(gradient)
      self.inputGradients[ObjectIdentifier(key)] = gradient
    }
    let value = values[node.id]!
    var site = Site(
      node: node, inputs: node.inputs.map { values[$0.id]! }, output: value, outputGradient: gradientOf[node.id] ?? value,
      inputGradients: inputGradients,
      masks: node.inputs.map { rectified.contains($0.id) ? values[$0.id]! : nil })
    if !isView { site.kept = node.op.forward(site, &plan) }
    let isFromKept = !site.inputs.contains { repeatable[$0] != nil }
    if plan.settings.isFusing, isActive, node.isPerSample, node.op is any RepeatedOp, isFromKept { repeatable[value] = site }
    return site
  }

  private mutating func backward(_ stored: Site) {
    let node = stored.node, start = plan.steps.count
    let site = onTheWayBack(stored), terms = parts[node.id]
    if let terms {
      let mask = rectified.contains(node.id) && unmasked.contains(node.id) ? site.output : nil
      plan.sum(terms, into: site.outputGradient, mask: mask, count: node.count, isPerSample: node.isPerSample)
    }
    if !node.op.isView(in: plan.mode) {
      node.op.backward(site, &plan)
      for (index, input) in node.inputs.enumerated() where !node.op.masksInputGradients {
        if let gradient = site.inputGradients[index], let mask = site.masks[index] {
          plan.mask(gradient, by: mask, count: input.count, isPerSample: input.isPerSample)
        }
      }
    }
    computeAgain(whatIsReadSince: start, after: terms?.first ?? site.outputGradient)
  }

  /// The site with copies in the place of values that can be computed again.
  private mutating func onTheWayBack(_ site: Site) -> Site {
    for buffer in site.inputs + [site.output] where copies[buffer] == nil && !plan.kept.contains(buffer) {
      if let producer = repeatable[buffer] { copies[buffer] = plan.buffer(for: producer.node) }
    }
    var site = site
    site.inputs = site.inputs.map { copies[$0] ?? $0 }
    site.output = copies[site.output] ?? site.output
    site.masks = site.masks.map { $0.flatMap { copies[$0] ?? $0 } }
    return site
  }

  /// Computes the copies that are read for the first time, just before. Those that nobody has read are given back.
  private mutating func computeAgain(whatIsReadSince start: Int, after: Buffer) {
    let read = Set(plan.steps[start...].flatMap(\.reads))
    for (value, copy) in copies.sorted(by: { $0.key.index < $1.key.index }) where !computed.contains(copy) {
      if read.contains(copy), let site = repeatable[value], let op = site.node.op as? any RepeatedOp {
        op.computeAgain(site, into: copy, after: after, &plan)
        plan.moveLastStep(to: start)
        computed.insert(copy)
      } else {
        plan.discard(copy)
        copies[value] = nil
      }
    }
  }

  /// Where the way back starts: a mean over the rows for a loss, the value itself for a penalty.
  private mutating func seed(_ root: Node, _ weight: Float, byRow: Bool) {
    guard let gradient = gradientBuffer(toward: root) else { return }
    if root.isPerSample {
      plan.byRows("seed", reads: [], writes: [gradient]) { chunk in
        let share = byRow ? weight / Float(chunk.batch.pointee.rows) : weight
        chunk[gradient].update(repeating: share, count: chunk.rows)
      }
    } else {
      plan.shared("seed", parts: 1, reads: [], writes: [gradient]) { chunk in chunk[gradient].pointee = weight }
    }
    if rectified.contains(root.id) {
      plan.mask(gradient, by: values[root.id]!, count: 1, isPerSample: root.isPerSample)
    }
  }
}
