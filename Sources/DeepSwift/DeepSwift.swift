// One import for everything.
@_exported import DeepSwiftDatasets
@_exported import DeepSwiftEngine
@_exported import DeepSwiftEvaluation
@_exported import DeepSwiftLayers
@_exported import DeepSwiftTraining
