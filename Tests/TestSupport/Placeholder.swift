import DeepSwift
