import DeepSwift
import Foundation

/// Reads a folder of pictures as a training would, without the training: `Benchmark images FOLDER [SIZE [PASSES]]`.
///
/// The first pass fills the system's cache and does not count.
enum ImageReading {
  static func run(_ arguments: [String]) throws {
    guard let path = arguments.first else {
      print("usage: Benchmark images FOLDER [SIZE [PASSES]]")
      exit(2)
    }
    let size = arguments.count > 1 ? Int(arguments[1]) ?? 224 : 224
    let passes = arguments.count > 2 ? Int(arguments[2]) ?? 3 : 3
    let folder = try ImageFolder(path, imageSize: [size, size], seed: 7, verbose: false)
    var best = Double.infinity, processor = Double.infinity
    for pass in 0...passes {
      let (start, used) = (DispatchTime.now().uptimeNanoseconds, clock())
      var batches = try folder.prefetched().makeBatches(pass: pass)
      while try batches.next() != nil {}
      guard pass > 0 else { continue }
      best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
      processor = min(processor, Double(clock() - used) / Double(CLOCKS_PER_SEC))
    }
    let count = Double(folder.count)
    print(
      String(
        format: "{\"peer\": \"deepswift\", \"images_per_second\": %.1f, \"cpu_ms_per_image\": %.4f, \"peak_MB\": %d}",
        count / best, processor / count * 1e3, Benchmark.peakMegabytes()))
  }
}
