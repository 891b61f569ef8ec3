// Lists the public symbols that have no documentation comment, by the symbol graphs in a folder. Run by Scripts/docs.
import Foundation

struct SymbolGraph: Decodable {
  struct Symbol: Decodable {
    struct Location: Decodable {
      struct Position: Decodable { var line: Int }
      var uri: String
      var position: Position
    }
    struct Comment: Decodable {
      struct Line: Decodable { var text: String }
      var lines: [Line]
    }
    var pathComponents: [String]
    var location: Location?
    var docComment: Comment?

    var isDocumented: Bool { docComment?.lines.contains { $0.text.contains { !$0.isWhitespace } } ?? false }
  }
  var symbols: [Symbol]
}

let folder = URL(fileURLWithPath: CommandLine.arguments[1])
let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
let symbols = try files.filter { $0.path.hasSuffix(".symbols.json") }.flatMap {
  try JSONDecoder().decode(SymbolGraph.self, from: Data(contentsOf: $0)).symbols
}
// What the compiler writes itself, `==` or `init(rawValue:)`, stands in no file.
let written = symbols.filter { $0.location != nil }
guard !written.isEmpty else { fatalError("\(folder.path) holds no symbols") }

let missing = written.filter { !$0.isDocumented }.map { symbol in
  let location = symbol.location!, path = URL(string: location.uri)?.path ?? location.uri
  return "\(path):\(location.position.line + 1): \(symbol.pathComponents.joined(separator: ".")) has no documentation comment"
}
Set(missing).sorted { $0.localizedStandardCompare($1) == .orderedAscending }.forEach { print($0) }
print("\(written.count - missing.count) of \(written.count) public symbols are documented.")
exit(missing.isEmpty ? 0 : 1)
