import DeepSwiftEngine
import Foundation
import Synchronization

/// The system's `libturbojpeg`, which is looked for when the first JPEG file is read: nobody else needs to have it.
package struct TurboJPEG: @unchecked Sendable {
  package typealias Handle = UnsafeMutableRawPointer

  let open: @convention(c) () -> Handle?
  let readHeader:
    @convention(c) (
      Handle, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>,
      UnsafeMutablePointer<CInt>, UnsafeMutablePointer<CInt>
    ) -> CInt
  let decompress:
    @convention(c) (
      Handle, UnsafePointer<UInt8>?, CUnsignedLong, UnsafeMutablePointer<UInt8>?, CInt, CInt, CInt, CInt, CInt
    ) -> CInt
  let errorCode: @convention(c) (Handle) -> CInt
  let errorText: @convention(c) (Handle) -> UnsafeMutablePointer<CChar>?
  let close: @convention(c) (Handle) -> CInt

  private static let idle = IdleHandles()

  /// Whether this machine can read JPEG files.
  package static var isInstalled: Bool { library != nil }

  static func loaded(place: String) throws -> TurboJPEG { try required(library, place: place) }

  /// The library, or an error that says which package to install.
  package static func required(_ library: TurboJPEG?, place: String) throws -> TurboJPEG {
    guard let library else {
      throw ModelError(
        .file, at: place,
        "is a JPEG file, and reading those needs libturbojpeg, which was not found: "
          + "run 'sudo apt-get install libturbojpeg0' (Debian, Ubuntu) and start again")
    }
    return library
  }

  private static let library = TurboJPEG(names: ["libturbojpeg.so.0", "libturbojpeg.so", "libturbojpeg.dylib"])

  /// `nil` if none of the names is found, or what is found is too old.
  package init?(names: [String]) {
    guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first else { return nil }
    guard let open = dlsym(library, "tjInitDecompress"), let readHeader = dlsym(library, "tjDecompressHeader3"),
      let decompress = dlsym(library, "tjDecompress2"), let errorCode = dlsym(library, "tjGetErrorCode"),
      let errorText = dlsym(library, "tjGetErrorStr2"), let close = dlsym(library, "tjDestroy")
    else { return nil }
    self.open = unsafeBitCast(open, to: type(of: self.open))
    self.readHeader = unsafeBitCast(readHeader, to: type(of: self.readHeader))
    self.decompress = unsafeBitCast(decompress, to: type(of: self.decompress))
    self.errorCode = unsafeBitCast(errorCode, to: type(of: self.errorCode))
    self.errorText = unsafeBitCast(errorText, to: type(of: self.errorText))
    self.close = unsafeBitCast(close, to: type(of: self.close))
  }

  /// Runs `body` with a decoder that nobody else uses meanwhile.
  func withHandle<Result>(place: String, _ body: (Handle) throws -> Result) throws -> Result {
    guard let handle = Self.idle.take() ?? open() else {
      throw ModelError(.file, at: place, "libturbojpeg could not be started")
    }
    do {
      let result = try body(handle)
      Self.idle.give(handle)
      return result
    } catch {
      // A decoder that stopped in the middle of a file takes the next one for a part of it.
      _ = close(handle)
      throw error
    }
  }
}

/// Decoders that wait for the next file; there are never more than threads that decode.
private final class IdleHandles: Sendable {
  private let handles = Mutex<[UInt]>([])

  func take() -> TurboJPEG.Handle? {
    handles.withLock { $0.popLast().flatMap { TurboJPEG.Handle(bitPattern: $0) } }
  }

  func give(_ handle: TurboJPEG.Handle) { handles.withLock { $0.append(UInt(bitPattern: handle)) } }
}
