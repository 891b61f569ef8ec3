import Foundation

/// Says once that a debug build is slow, and how to build a fast one. Nobody should judge a training by its debug build.
enum DebugNote {
  /// Reading it a first time prints the note, in debug builds alone.
  static let once: Void = {
    #if DEBUG
      let note = """
        DeepSwift was built for debugging, which makes training many times slower.
        For speed: swift run -c release\n
        """
      FileHandle.standardError.write(Data(note.utf8))
    #endif
  }()
}
