/// What the fixtures have and DeepSwift has not: the only place where a case of Keras may be left out, and why. Tests check
/// that these lists are exact, so whoever adds one of these things to the library also adds it to `FixtureTables` and takes
/// it out here.
package enum FixtureGaps {
  package static let layers: [String: String] = [
    "AveragePooling1D": "sequences are no part of the first version",
    "Conv1D": "sequences are no part of the first version",
    "Conv2DTranspose": "not written yet",
    "Cropping1D": "sequences are no part of the first version",
    "Cropping2D": "not written yet",
    "Dot": "written as an expression: (a * b).sum(axis: -1)",
    "GRU": "not written yet",
    "GaussianDropout": "not written yet",
    "GaussianNoise": "not written yet",
    "GroupNormalization": "not written yet",
    "MaxPooling1D": "sequences are no part of the first version",
    "PReLU": "not written yet",
    "RMSNormalization": "not written yet",
    "ReLU(max_value)": "written as an expression: clip(x, 0, 6)",
    "ReLU(negative_slope)": "Activation(.leakyRelu(negativeSlope:)); a threshold is written as an expression",
    "RepeatVector": "not written yet",
    "SimpleRNN": "not written yet",
    "SpatialDropout2D": "not written yet",
    "UnitNormalization": "not written yet",
    "UpSampling1D": "sequences are no part of the first version",
    "ZeroPadding1D": "sequences are no part of the first version",
  ]

  package static let activations: [String: String] = [
    "glu": "not written yet",
    "relu(max_value)": "written as an expression: clip(x, 0, 6)",
    "relu(negative_slope)": ".leakyRelu(negativeSlope:)",
    "relu(threshold)": "written as an expression: x * (x .> threshold)",
    "sparsemax": "not written yet",
    "squareplus(b)": "only Keras' default, 4",
    "threshold": "written as an expression",
  ]

  package static let losses: [String: String] = [
    "BinaryFocalCrossentropy": "not written yet",
    "CategoricalFocalCrossentropy": "not written yet",
    "CosineSimilarity(axis)": "always the last axis",
    "SparseCategoricalCrossentropy(ignore_class)": "a sample weight of 0 does the same",
    "reductions": "a loss is always the mean over samples and places",
  ]

  package static let metrics: [String: String] = [
    "AUC": "not written yet", "BinaryCrossentropy": "losses are no metrics yet",
    "CategoricalCrossentropy": "losses are no metrics yet", "CosineSimilarity": "losses are no metrics yet",
    "F1Score": "not written yet", "FalseNegatives": "not written yet", "FalsePositives": "not written yet",
    "Hinge": "losses are no metrics yet", "KLDivergence": "losses are no metrics yet",
    "LogCoshError": "losses are no metrics yet", "MeanSquaredLogarithmicError": "losses are no metrics yet",
    "Poisson": "losses are no metrics yet", "Precision": "not written yet", "R2Score": "not written yet",
    "Recall": "not written yet", "SparseCategoricalCrossentropy": "losses are no metrics yet",
    "SquaredHinge": "losses are no metrics yet", "TrueNegatives": "not written yet", "TruePositives": "not written yet",
  ]

  /// Metrics that `compile` gets by a name alone.
  package static let metricNames: [String: String] = [
    "AUC": "not written yet", "sparse_categorical_crossentropy": "losses are no metrics yet",
    "MeanSquaredError": "the name in the history is that of the metric: mean_squared_error",
    "Precision": "not written yet", "Recall": "not written yet",
    "RootMeanSquaredError": "the name in the history is that of the metric: root_mean_squared_error",
  ]

  package static let optimizers: [String: String] = [
    "Adadelta": "not written yet", "Adagrad": "not written yet", "Adamax": "not written yet", "Ftrl": "not written yet",
    "Lion": "not written yet", "Nadam": "not written yet",
    "SGD(ema_momentum)": "moving averages of weights are not written yet",
    "SGD(gradient_accumulation_steps)": "larger batches do the same",
  ]
}
