import DeepSwiftEngine
import Foundation
import Synchronization

/// A folder with one subfolder of pictures for each class, in batches, as Keras' `image_dataset_from_directory` has them.
///
/// ```swift
/// let folder = try ImageFolder("photos", imageSize: [160, 160])
/// // Found 3,670 files belonging to 5 classes.
/// let (training, validation) = try folder.split(0.8)
/// try model.fit(training.prefetched(), validationData: validation)
/// ```
/// Batches have float32 pixels from 0 to 255 of shape `[count, height, width, channels]`. PNG, JPEG, BMP, PPM and PGM files are
/// read. Only the batch at hand and the beginning of the next are decoded, on all cores, so that memory stays the same however
/// large the folder is.
public struct ImageFolder: BatchedDataset, Sendable {
  /// What pixels have: a brightness, a color, or a color and alpha.
  public enum ColorMode: Int, Sendable {
    /// One channel: brightness.
    case grayscale = 1
    /// Three channels: red, green, blue.
    case rgb = 3
    /// Four channels: red, green, blue, alpha.
    case rgba = 4
  }

  /// What labels look like.
  public enum LabelMode: Sendable {
    /// Class numbers, int32 `[count]`.
    case integer
    /// Rows of zeros with a single one, float32 `[count, classes]`.
    case categorical
    /// 0 or 1, float32 `[count, 1]`; for two classes.
    case binary
    /// No labels: all pictures below the folder are taken, whatever their subfolders.
    case none
  }

  /// What to do about files that cannot be decoded.
  public enum Unreadable: Sendable {
    /// A pass that comes to one ends with an error that lists all of the folder.
    case refuse
    /// All files are decoded when the folder is opened, which takes as long as a pass, and those that cannot be are left out.
    case skip
  }

  /// File name extensions that are looked for if not said otherwise.
  public static let extensions = ["bmp", "jpeg", "jpg", "pgm", "png", "ppm"]

  /// The folder.
  public let path: String
  /// The height and width of all pictures.
  public let imageSize: Shape
  /// Images of a batch.
  public let batchSize: Int
  /// The channels of each image.
  public let colorMode: ColorMode
  /// What labels look like.
  public let labelMode: LabelMode
  /// The classes 0, 1, 2, …; empty without labels.
  public let classNames: [String]
  /// Whether each pass has an order of its own.
  public let shuffle: Bool
  /// What the order of passes and the parts of a split follow from.
  public let seed: UInt64
  /// The files in the order of their classes and names.
  public let paths: [String]
  /// The class of each file; empty without labels.
  public let labels: [Int]
  /// The files that were left out.
  public let skipped: [UnreadableFile]
  let resizing: ImageResizing
  private let verbose: Bool

  /// Looks which pictures are there. Classes are the subfolders in the order of their names; those whose name begins with a dot
  /// do not count.
  ///
  /// - Parameters:
  ///   - path: the folder.
  ///   - imageSize: the height and width that pictures are resized to.
  ///   - classNames: the subfolders to take, in the order of their labels.
  ///   - seed: follows from ``setRandomSeed(_:)`` if not given.
  ///   - interpolation: how pictures are resized.
  ///   - cropToAspectRatio: cuts the sides that are too long off, instead of distorting.
  ///   - padToAspectRatio: adds black sides, instead of distorting.
  ///   - extensions: the ends of file names that count, small or capital.
  ///   - followLinks: whether links to folders within a class are followed.
  ///   - verbose: prints how many files were found.
  public init(
    _ path: String, imageSize: Shape = [256, 256], batchSize: Int = 32, colorMode: ColorMode = .rgb,
    labelMode: LabelMode = .integer, classNames: [String]? = nil, shuffle: Bool = true, seed: UInt64? = nil,
    interpolation: Interpolation = .bilinear, cropToAspectRatio: Bool = false, padToAspectRatio: Bool = false,
    extensions: [String] = ImageFolder.extensions, followLinks: Bool = false, unreadable: Unreadable = .refuse,
    verbose: Bool = true
  ) throws {
    guard imageSize.rank == 2, imageSize.dimensions.allSatisfy({ (1...1 << 16).contains($0) }) else {
      throw ModelError(.argument, "imageSize is [height, width], 1 to 65536 each, received \(imageSize)")
    }
    guard batchSize > 0 else { throw ModelError(.argument, "batchSize must be at least 1, received \(batchSize)") }
    guard !cropToAspectRatio || !padToAspectRatio else {
      throw ModelError(.argument, "cropToAspectRatio and padToAspectRatio exclude each other")
    }
    let folder = Files.expanded(path)
    let files = try ImageFiles(
      in: folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder, hasClasses: labelMode != .none,
      classNames: classNames, extensions: extensions.map { ($0.hasPrefix(".") ? String($0.dropFirst()) : $0).lowercased() },
      followLinks: followLinks)
    let gigabytes =
      Double(min(batchSize, files.paths.count)) * Double(imageSize.count) * Double(colorMode.rawValue) * 4 / Double(1 << 30)
    guard gigabytes <= 16 else {
      throw ModelError(
        .argument, at: path, "a batch of \(batchSize) pictures of \(imageSize) takes \(Int(gigabytes)) GB; 16 are allowed")
    }
    guard labelMode != .binary || files.classNames.count == 2 else {
      throw ModelError(
        .labels, at: path, "labelMode .binary needs two classes, there are \(files.classNames.count): \(files.classNames)")
    }
    let resizing = ImageResizing(
      height: imageSize[0], width: imageSize[1], interpolation: interpolation,
      fit: cropToAspectRatio ? .crop : padToAspectRatio ? .pad : .stretch)
    let all = ImageFolder(
      path: path, imageSize: imageSize, batchSize: batchSize, colorMode: colorMode, labelMode: labelMode,
      classNames: files.classNames, shuffle: shuffle, seed: seed ?? RandomSource.nextSeed(), paths: files.paths,
      labels: files.labels, skipped: [], resizing: resizing, verbose: verbose)
    all.say(
      "Found \(grouped(files.paths.count)) files"
        + (labelMode == .none ? "." : " belonging to \(files.classNames.count) classes."))
    if let unread = files.unreadFiles { all.say(unread) }
    self = unreadable == .skip ? try all.readable() : all
  }

  private init(
    path: String, imageSize: Shape, batchSize: Int, colorMode: ColorMode, labelMode: LabelMode, classNames: [String],
    shuffle: Bool, seed: UInt64, paths: [String], labels: [Int], skipped: [UnreadableFile], resizing: ImageResizing,
    verbose: Bool
  ) {
    (self.path, self.imageSize, self.batchSize) = (path, imageSize, batchSize)
    (self.colorMode, self.labelMode, self.classNames) = (colorMode, labelMode, classNames)
    (self.shuffle, self.seed, self.paths, self.labels) = (shuffle, seed, paths, labels)
    (self.skipped, self.resizing, self.verbose) = (skipped, resizing, verbose)
  }

  /// The number of files.
  public var count: Int { paths.count }

  public var batchCount: Int? { (count + batchSize - 1) / batchSize }

  public func makeBatches(pass: Int) throws -> any BatchIterator {
    let order = shuffle ? RandomSource(seed: seed).keyed(UInt64(pass)).permutation(count).map { Int($0) } : Array(0..<count)
    return ImageBatches(folder: self, order: order)
  }

  /// Two parts, the first with `fraction` of the files, rounded down. Which file comes into which follows from the folder's
  /// seed. The order of the second part is the same in each pass, as validation needs no other.
  public func split(_ fraction: Double) throws -> (ImageFolder, ImageFolder) {
    let length = (0...1).contains(fraction) ? Int(Double(count) * fraction) : 0
    guard length > 0, length < count else {
      throw ModelError(
        .argument, at: path,
        "split(\(fraction)) of \(count) files leaves a part empty; the first part's fraction lies between 0 and 1")
    }
    let order = RandomSource(seed: seed, key: "split").permutation(count).map { Int($0) }
    say("Using \(grouped(length)) files for training.\nUsing \(grouped(count - length)) files for validation.")
    return (
      part(order.prefix(length).sorted(), shuffle: shuffle), part(order.suffix(count - length).sorted(), shuffle: false)
    )
  }

  /// The files that cannot be decoded. All are tried, which takes as long as a pass.
  public func check() -> [UnreadableFile] {
    let found = Mutex<[(Int, UnreadableFile)]>([])
    inParallel(count) { index in
      do { _ = try decoded(index) } catch { found.withLock { $0.append((index, UnreadableFile(paths[index], error))) } }
    }
    return found.withLock { $0.sorted { $0.0 < $1.0 }.map(\.1) }
  }

  /// The pixels of a file in its own size.
  func decoded(_ index: Int) throws -> ImagePixels {
    try ImagePixels(file: Files.read(paths[index]), channels: colorMode.rawValue, place: paths[index])
  }

  /// Without the files that cannot be decoded.
  private func readable() throws -> ImageFolder {
    let skipped = check()
    guard !skipped.isEmpty else { return self }
    guard skipped.count < count else {
      throw ModelError(.file, at: path, "none of its \(grouped(count)) files can be read:" + skipped.listed)
    }
    say("Skipped \(grouped(skipped.count)) files that cannot be read:" + skipped.listed)
    let broken = Set(skipped.map(\.path))
    return part(paths.indices.filter { !broken.contains(paths[$0]) }, shuffle: shuffle, skipped: skipped)
  }

  private func part(_ members: [Int], shuffle: Bool, skipped: [UnreadableFile]? = nil) -> ImageFolder {
    ImageFolder(
      path: path, imageSize: imageSize, batchSize: batchSize, colorMode: colorMode, labelMode: labelMode,
      classNames: classNames, shuffle: shuffle, seed: seed, paths: members.map { paths[$0] },
      labels: labels.isEmpty ? [] : members.map { labels[$0] }, skipped: skipped ?? self.skipped, resizing: resizing,
      verbose: verbose)
  }

  private func say(_ text: String) {
    guard verbose else { return }
    print(text)
    fflush(nil)
  }
}

/// A number with commas between thousands.
private func grouped(_ number: Int) -> String {
  let digits = Array(String(number))
  return digits.indices.reduce(into: "") { text, place in
    if place > 0, (digits.count - place) % 3 == 0 { text += "," }
    text.append(digits[place])
  }
}
