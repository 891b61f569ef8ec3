/// The arguments of a call of Keras: each has to be asked for, so that none is ignored silently.
package final class FixtureArguments {
  private let all: Fixture?
  private var asked: Set<String> = []

  package init(_ arguments: Fixture?) { all = arguments }

  package subscript(_ name: String) -> Fixture? {
    asked.insert(name)
    return all?[name]
  }

  /// Whether the argument was given as `None`.
  package func isNone(_ name: String) -> Bool { all?.keys.contains(name) == true && self[name] == nil }

  package func int(_ name: String, _ standard: Int = 0) -> Int { self[name]?.int ?? standard }
  package func float(_ name: String, _ standard: Float) -> Float { self[name]?.float ?? standard }
  package func bool(_ name: String, _ standard: Bool) -> Bool { self[name]?.bool ?? standard }
  package func string(_ name: String) -> String? { self[name]?.string }

  /// Throws if there are arguments that nobody has asked for.
  package func finish(_ what: String) throws {
    if let rest = all?.keys.first(where: { !asked.contains($0) }) { throw FixtureGap("\(what)(\(rest))") }
  }
}

/// Something of Keras that DeepSwift does not have: `LSTM`, `Huber(axis)`.
package struct FixtureGap: Error, Hashable {
  package let name: String
  package init(_ name: String) { self.name = name }
}
