import DeepSwiftEngine
import Foundation

/// Decodes the files of a pass in its order, side by side on as many threads as there are cores.
///
/// Threads work only while a batch is waited for. Who finds none of its files left begins with those of the next one: the last
/// file of each batch would otherwise leave all cores but one idle.
final class ImageDecoding: @unchecked Sendable {
  /// A batch that is being made.
  struct Part {
    let storage: Storage
    let count: Int
    /// Files that are not decoded yet.
    fileprivate var remaining: Int
    /// One of the files that could not be read.
    fileprivate(set) var unreadable: UnreadableFile?
  }

  private let folder: ImageFolder
  private let order: [Int]
  private let memory: BatchMemory
  /// Numbers of a picture.
  private let size: Int

  // The condition's lock guards everything below.
  private let changed = NSCondition()
  /// The batch that comes next, and the one after it if that has been begun.
  private var parts: [Part] = []
  private var partsTaken = 0
  private var filesBegun = 0
  private var isAwaited = false
  private var isClosed = false

  init(_ folder: ImageFolder, order: [Int]) {
    (self.folder, self.order) = (folder, order)
    size = folder.imageSize.count * folder.colorMode.rawValue
    memory = BatchMemory(byteCount: min(folder.batchSize, order.count) * size * MemoryLayout<Float>.size)
  }

  func start() {
    for _ in 0..<min(Workers.defaultCount, order.count) {
      let thread = Thread { [self] in while let file = claim() { decode(file) } }
      thread.name = "DeepSwift images"
      thread.start()
    }
  }

  /// Ends the threads, each after the file at hand.
  func close() {
    changed.withLock {
      isClosed = true
      changed.broadcast()
    }
  }

  /// Waits for the next batch; `nil` at the end of the pass. One with a file that cannot be read stays the next.
  func take() -> Part? {
    changed.withLock {
      guard partsTaken * folder.batchSize < order.count else { return nil }
      isAwaited = true
      changed.broadcast()
      while parts.first?.remaining != 0 { changed.wait() }
      isAwaited = false
      if parts[0].unreadable != nil { return parts[0] }
      partsTaken += 1
      return parts.removeFirst()
    }
  }

  /// The place in the order of a file that nobody else decodes, and where its pixels go.
  private struct Claim {
    let place: Int
    let target: UnsafeMutablePointer<Float>
  }

  private func claim() -> Claim? {
    changed.withLock {
      while !isClosed && filesBegun < order.count && !mayBegin { changed.wait() }
      guard !isClosed, filesBegun < order.count else { return nil }
      let place = filesBegun
      filesBegun += 1
      if place % folder.batchSize == 0 {
        let count = min(folder.batchSize, order.count - place)
        parts.append(Part(storage: memory.storage(), count: count, remaining: count))
      }
      let pixels = parts[place / folder.batchSize - partsTaken].storage.bytes.assumingMemoryBound(to: Float.self)
      return Claim(place: place, target: pixels + place % folder.batchSize * size)
    }
  }

  private var mayBegin: Bool { isAwaited && filesBegun / folder.batchSize < partsTaken + 2 }

  private func decode(_ file: Claim) {
    let index = order[file.place]
    var unreadable: UnreadableFile?
    do {
      folder.resizing.resize(try folder.decoded(index), into: file.target)
    } catch {
      unreadable = UnreadableFile(folder.paths[index], error)
    }
    changed.withLock {
      let part = file.place / folder.batchSize - partsTaken
      parts[part].remaining -= 1
      if let unreadable { parts[part].unreadable = unreadable }
      if parts[part].remaining == 0 { changed.broadcast() }
    }
  }
}
