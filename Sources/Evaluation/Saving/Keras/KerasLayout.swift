import DeepSwiftDatasets
import DeepSwiftEngine
import DeepSwiftLayers
import DeepSwiftTraining

/// Where Keras 3 keeps the weights of a model's layers: `layers/conv2d_1/vars/0`.
///
/// A folder is named for the class of its layer, with a number where there are several in one model. Weights have numbers,
/// those first that can be trained.
struct KerasLayout {
  struct Folder {
    var path: String
    /// The name of what it belongs to, and as errors name it.
    var name: String
    var title: String
    var parameters: [Parameter]
  }

  private(set) var folders: [Folder] = []
  private var seen: Set<ObjectIdentifier> = []

  /// - Parameter name: what the model itself is called.
  init(_ model: Model, name: String) {
    folders.append(Folder(path: "", name: name, title: name, parameters: []))
    add(model, at: "")
  }

  /// The model's weights in Keras' order.
  var parameters: [Parameter] { folders.flatMap(\.parameters) }

  private mutating func add(_ model: Model, at path: String) {
    var counts: [String: Int] = [:]
    for handle in model.layers {
      let layer = (handle.layer as? Shared)?.layer ?? handle.layer
      let base = Self.folderName(of: layer), number = counts[base, default: 0]
      counts[base] = number + 1
      // A model that stands in several places is written in the first.
      guard seen.insert(ObjectIdentifier((layer as? Model) ?? (handle as AnyObject))).inserted else { continue }
      let inner = "\(path)layers/\(base)\(number == 0 ? "" : "_\(number)")/"
      if let model = layer as? Model {
        folders.append(Folder(path: inner, name: handle.name, title: handle.title, parameters: []))
        add(model, at: inner)
        continue
      }
      let parameters = handle.scope.parameters
      let parts = (layer as? any KerasForm)?.kerasFolders(parameters) ?? [KerasFolder("", parameters)]
      for part in parts {
        let name = part.path.isEmpty ? handle.name : part.path.split(separator: "/").last.map(String.init) ?? ""
        folders.append(
          Folder(
            path: inner + (part.path.isEmpty ? "" : part.path + "/"), name: name, title: handle.title,
            parameters: part.parameters.filter(\.isTrainable) + part.parameters.filter { !$0.isTrainable }))
      }
    }
  }

  static func folderName(of layer: any Layer) -> String {
    if layer is Model { return layer is Sequential ? "sequential" : "functional" }
    let name = (type(of: layer) as? any KerasForm.Type)?.kerasClass ?? "\(type(of: layer))"
    return LayerNames.snakeCase(name)
  }
}

/// Some of a layer's weights, in a folder within the layer's; its own has no path.
struct KerasFolder {
  var path: String
  var parameters: [Parameter]

  init(_ path: String, _ parameters: [Parameter]) { (self.path, self.parameters) = (path, parameters) }
}
