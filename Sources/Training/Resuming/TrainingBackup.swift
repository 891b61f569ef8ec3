import DeepSwiftEngine
import Foundation

/// A training that stands between two steps, with all that it needs to go on in another process to the same bits.
package struct TrainingBackup {
  /// The numbers, small ones.
  package var state: TrainingState
  /// The weights (`model/…`), the optimizer's numbers (`optimizer/…`) and what callbacks keep (`callbacks/…`).
  package var tensors: [(name: String, tensor: Tensor)]
  /// The file that it was read from, for errors.
  package var place: String?

  package init(state: TrainingState, tensors: [(name: String, tensor: Tensor)], place: String? = nil) {
    (self.state, self.tensors, self.place) = (state, tensors, place)
  }
}

/// What of a backup is no tensor.
package struct TrainingState: Codable {
  /// What the model and its data are like.
  var setting: TrainingSetting
  package var position: TrainingPosition
  var data: DataPosition
  var seed: UInt64
  /// Steps that the optimizer has taken.
  var iteration: Int
  /// The learning rate, where it is a number and no schedule.
  var learningRate: Float?
  /// Why training ends here, if it does.
  var stopReason: String?
  var history: History
  /// What was measured of the epoch so far.
  var measured: Measure.State?
  var callbacks: [StoredCallback]

  struct StoredCallback: Codable {
    var type: String
    /// What it gave as its state; `nil` if it has none.
    var values: Data?
    var tensors: [String]
  }
}

extension TrainingState {
  /// The state as text. Every number is read back to the same bits.
  package var text: String { get throws { try String(decoding: Stored.data(self), as: UTF8.self) } }

  package init(text: String) throws { self = try Stored.value(Data(text.utf8)) }

  /// Whether numbers and places are such as a training can have; what is beyond is damage.
  var isPossible: Bool {
    let counts = [position.epoch, position.step, data.passes, data.iteration, data.batches, data.validations, iteration]
    return counts.allSatisfy { (0..<1 << 40).contains($0) } && (data.passes > 0 || data.isOver)
      && (position.step > 0) == (measured != nil)
  }
}

/// How states are written down: as JSON, in which numbers that are none have a word.
enum Stored {
  static func data(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    encoder.userInfo = [.keepsProgress: true]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try encoder.encode(value)
  }

  static func value<Value: Decodable>(_ data: Data) throws -> Value {
    let decoder = JSONDecoder()
    decoder.userInfo = [.keepsProgress: true]
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Value.self, from: data)
  }
}

extension CodingUserInfoKey {
  /// There where what was added up is stored too, not only settings.
  static let keepsProgress = CodingUserInfoKey(rawValue: "deepswift.keepsProgress")!
}

/// A callback that keeps backups, and may have one of a training that was cut off.
package protocol BackupKeeper: Callback {
  /// The backup that this training shall go on from, if there is one.
  func backup(for run: TrainingRun) throws -> TrainingBackup?
}
