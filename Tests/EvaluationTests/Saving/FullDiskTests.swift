import DeepSwift
import DeepSwiftEvaluation
import DeepSwiftTraining
import Foundation
import TestSupport
import Testing

/// The disk is full at some page of a file: the old file is there with all of its bytes, and nothing else is.
@Suite(.enabled(if: SmallDisk.canBeMounted, "Mounting a small disk takes root: Scripts/full-disk")) struct FullDiskTests {
  static let noSpace = "cannot write: No space left on device; free some space or choose another disk"

  /// Something that writes a model, or what came of it, into a file of this name.
  struct Format: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let write: @Sendable (Sequential, String) throws -> Void

    init(_ name: String, _ write: @escaping @Sendable (Sequential, String) throws -> Void) {
      (testDescription, self.write) = (name, write)
    }
  }

  static let formats = [
    Format("model.keras") { try $0.save(to: $1) },
    Format("model.safetensors") { try $0.save(to: $1) },
    Format("w.weights.h5") { try $0.saveWeights(to: $1) },
    Format("w.safetensors") { try $0.saveWeights(to: $1) },
    Format("w.npz") { try $0.saveWeights(to: $1) },
    Format("model.onnx") { try $0.exportONNX(to: $1) },
    Format("Model.swift") { try $0.exportSwift(to: $1) },
    Format("kernel.npy") { try $0.weights.all["dense/kernel"]!.write(npy: $1) },
    Format("kernel.h5") { model, path in
      let kernel = HDF5Dataset(model.weights.all["dense/kernel"]!)
      try HDF5.write(HDF5Group(members: [("kernel", .dataset(kernel))]), to: path)
    },
    Format("history.json") { try $0.longHistory.write(to: $1) },
    Format("history.csv") { try $0.longHistory.write(to: $1) },
    Format("history.svg") { try $0.longHistory.plot(to: $1) },
    Format("history.png") { try $0.longHistory.plot(to: $1) },
  ]

  @Test(arguments: formats) func theOldFileStays(_ format: Format) throws {
    let disk = try SmallDisk(byteCount: 1 << 20), name = format.testDescription, path = disk.path(name)
    let small = try SmallModels.regressor(units: 6), large = try SmallModels.regressor(units: 400)
    for model in [small, large] { try model.fit(SmallModels.x, SmallModels.y, verbose: .silent) }
    try format.write(small, path)
    let old = try Data(contentsOf: URL(fileURLWithPath: path))
    var pages = 0
    while true {
      try disk.fill(leaving: pages)
      do {
        try format.write(large, path)
        break
      } catch {
        #expect("\(error)" == "\(path): \(Self.noSpace)", "\(pages) pages were left")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == old, "\(pages) pages were left")
        #expect(disk.names == [name], "\(pages) pages were left")
      }
      pages += 1
    }
    #expect(pages > 1)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count > (pages - 1) * SmallDisk.pageSize)
    #expect(disk.names == [name])
  }

  /// Fills the disk before some epoch.
  private final class Fill: Callback {
    let disk: SmallDisk, epoch, pages: Int
    init(_ disk: SmallDisk, before epoch: Int, leaving pages: Int) { (self.disk, self.epoch, self.pages) = (disk, epoch, pages) }
    func epochBegan(_ epoch: Int, _ run: TrainingRun) throws {
      if epoch == self.epoch { try disk.fill(leaving: pages) }
    }
  }

  private func fit(_ model: Model, _ callbacks: [any Callback]) throws {
    try model.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 4, verbose: .silent, callbacks: callbacks)
  }

  /// The training ends in an error; with room on the disk it goes on to the same bits.
  @Test(arguments: 0...3) func aTrainingGoesOnFromTheOldBackup(_ pages: Int) throws {
    let reference = try SmallModels.regressor(units: 200)
    try fit(reference, [])
    let disk = try SmallDisk(byteCount: 1 << 20), victim = try SmallModels.regressor(units: 200)
    let backup = disk.path("backup")
    #expect(
      spoken { try fit(victim, [BackupAndRestore(backup), Fill(disk, before: 2, leaving: pages)]) }
        == "\(backup)/training.safetensors: \(Self.noSpace)")
    #expect(victim.optimizer?.iterations == 15)
    disk.free()
    let model = try SmallModels.regressor(seed: 9, units: 200)
    try fit(model, [BackupAndRestore(backup)])
    #expect(allBits(model) == allBits(reference))
    #expect(disk.names == [])
  }

  @Test(arguments: [".keras", ".safetensors"]) func theLastCheckpointStays(_ end: String) throws {
    let disk = try SmallDisk(byteCount: 1 << 20), path = disk.path("last\(end)"), model = try SmallModels.regressor(units: 200)
    let expected = try SmallModels.regressor(units: 200)
    try expected.fit(SmallModels.x, SmallModels.y, batchSize: 8, epochs: 2, verbose: .silent)
    #expect(
      spoken { try fit(model, [ModelCheckpoint(path), Fill(disk, before: 2, leaving: 2)]) } == "\(path): \(Self.noSpace)")
    #expect(disk.names == ["last\(end)"])
    #expect(try allBits(Model.load(from: path)) == allBits(expected))
  }

  @Test func theLogKeepsItsLinesAndSaysWhatIsWrong() throws {
    let disk = try SmallDisk(byteCount: 1 << 20), path = disk.path("log.csv"), model = try SmallModels.regressor()
    // The first page of the log is taken already; it ends within one of the lines to come.
    let lines = String(repeating: "0,1.0,1.0\n", count: 404)
    try Data(("epoch,loss,mean_absolute_error\n" + lines).utf8).write(to: URL(fileURLWithPath: path))
    let message = spoken { try fit(model, [CSVLogger(path, append: true), Fill(disk, before: 0, leaving: 0)]) }
    #expect(message.hasPrefix("\(path): the epoch cannot be written: "))
    #expect(message.hasSuffix(" Free some space or choose another disk."))
    #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("epoch,loss,mean_absolute_error\n" + lines))
  }
}

extension Sequential {
  /// As many epochs as the model has weights, so that what is written of it is as large as the model is.
  fileprivate var longHistory: History {
    var history = History()
    for epoch in 0..<parameterCount { history.append(epoch: epoch, logs: ["loss": 1 / Double(epoch + 1)]) }
    return history
  }
}
