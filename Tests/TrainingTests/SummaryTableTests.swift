import DeepSwift
import Testing

extension SummaryTable.Row {
  static func row(
    _ name: String, _ type: String, _ shape: String, _ count: Int?, _ connections: String..., trainable: Bool? = nil,
    depth: Int = 0
  ) -> Self {
    Self(
      name: name, type: type, outputShape: shape, parameterCount: count, connections: connections,
      trainable: trainable, depth: depth)
  }
}

/// The expected texts were printed by Keras 3.15 for the same models.
@Suite struct SummaryTableTests {
  static let first = SummaryTable(
    modelName: "sequential",
    rows: [
      .row("rescaling", "Rescaling", "(None, 28, 28)", 0), .row("flatten", "Flatten", "(None, 784)", 0),
      .row("dense", "Dense", "(None, 128)", 100_480), .row("dense_1", "Dense", "(None, 10)", 1290),
    ], trainableCount: 101_770)

  static let net = SummaryTable(
    modelName: "my_net",
    rows: [
      .row("a_really_long_layer_name_that_wraps_around", "Conv2D", "(None, 30, 30, 32)", 896, trainable: false),
      .row("batch_normalization", "BatchNormalization", "(None, 30, 30, 32)", 128, trainable: true),
      .row("max_pooling2d", "MaxPooling2D", "(None, 15, 15, 32)", 0), .row("flatten_2", "Flatten", "(None, 7200)", 0),
      .row("head", "Dense", "(None, 10)", 72_010, trainable: true),
    ], trainableCount: 72_074, nonTrainableCount: 960)

  @Test func sequential() {
    #expect(
      Self.first.text(width: 76) == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ rescaling (Rescaling)           │ (None, 28, 28)         │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ flatten (Flatten)               │ (None, 784)            │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (None, 128)            │       100,480 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_1 (Dense)                 │ (None, 10)             │         1,290 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 101,770 (397.54 KB)
         Trainable params: 101,770 (397.54 KB)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func compiledModelCountsItsOptimizer() {
    var table = Self.first
    table.optimizerCount = 203_542
    #expect(
      table.text(width: 76) == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ rescaling (Rescaling)           │ (None, 28, 28)         │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ flatten (Flatten)               │ (None, 784)            │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (None, 128)            │       100,480 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_1 (Dense)                 │ (None, 10)             │         1,290 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 305,312 (1.16 MB)
         Trainable params: 101,770 (397.54 KB)
         Non-trainable params: 0 (0.00 B)
         Optimizer params: 203,542 (795.09 KB)
        """)
  }

  @Test func unbuilt() {
    let table = SummaryTable(
      modelName: "sequential_1",
      rows: [
        SummaryTable.Row(name: "flatten_1", type: "Flatten", parameterCount: nil),
        SummaryTable.Row(name: "dense_2", type: "Dense", parameterCount: nil),
      ], trainableCount: 0)
    #expect(
      table.text(width: 76) == """
        Model: "sequential_1"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ flatten_1 (Flatten)             │ ?                      │   0 (unbuilt) │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_2 (Dense)                 │ ?                      │   0 (unbuilt) │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 0 (0.00 B)
         Trainable params: 0 (0.00 B)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func longNamesAreBrokenAndCut() {
    #expect(
      Self.net.text(width: 76) == """
        Model: "my_net"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ a_really_long_layer_name_that_… │ (None, 30, 30, 32)     │           896 │
        │ (Conv2D)                        │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ batch_normalization             │ (None, 30, 30, 32)     │           128 │
        │ (BatchNormalization)            │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ max_pooling2d (MaxPooling2D)    │ (None, 15, 15, 32)     │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ flatten_2 (Flatten)             │ (None, 7200)           │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ head (Dense)                    │ (None, 10)             │        72,010 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 73,034 (285.29 KB)
         Trainable params: 72,074 (281.54 KB)
         Non-trainable params: 960 (3.75 KB)
        """)
    #expect(
      Self.net.text(width: 60) == """
        Model: "my_net"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
        ┃ Layer (type)             ┃ Output Shape      ┃   Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
        │ a_really_long_layer_nam… │ (None, 30, 30,    │       896 │
        │ (Conv2D)                 │ 32)               │           │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ batch_normalization      │ (None, 30, 30,    │       128 │
        │ (BatchNormalization)     │ 32)               │           │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ max_pooling2d            │ (None, 15, 15,    │         0 │
        │ (MaxPooling2D)           │ 32)               │           │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ flatten_2 (Flatten)      │ (None, 7200)      │         0 │
        ├──────────────────────────┼───────────────────┼───────────┤
        │ head (Dense)             │ (None, 10)        │    72,010 │
        └──────────────────────────┴───────────────────┴───────────┘
         Total params: 73,034 (285.29 KB)
         Trainable params: 72,074 (281.54 KB)
         Non-trainable params: 960 (3.75 KB)
        """)
    #expect(
      Self.net.text(width: 88) == """
        Model: "my_net"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                         ┃ Output Shape                ┃         Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
        │ a_really_long_layer_name_that_wraps… │ (None, 30, 30, 32)          │             896 │
        │ (Conv2D)                             │                             │                 │
        ├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
        │ batch_normalization                  │ (None, 30, 30, 32)          │             128 │
        │ (BatchNormalization)                 │                             │                 │
        ├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
        │ max_pooling2d (MaxPooling2D)         │ (None, 15, 15, 32)          │               0 │
        ├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
        │ flatten_2 (Flatten)                  │ (None, 7200)                │               0 │
        ├──────────────────────────────────────┼─────────────────────────────┼─────────────────┤
        │ head (Dense)                         │ (None, 10)                  │          72,010 │
        └──────────────────────────────────────┴─────────────────────────────┴─────────────────┘
         Total params: 73,034 (285.29 KB)
         Trainable params: 72,074 (281.54 KB)
         Non-trainable params: 960 (3.75 KB)
        """)
  }

  @Test func trainableColumn() {
    var table = Self.net
    table.showsTrainable = true
    #expect(
      table.text(width: 76) == """
        Model: "my_net"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
        ┃ Layer (type)                ┃ Output Shape          ┃    Param # ┃ Trai… ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
        │ a_really_long_layer_name_t… │ (None, 30, 30, 32)    │        896 │   N   │
        │ (Conv2D)                    │                       │            │       │
        ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
        │ batch_normalization         │ (None, 30, 30, 32)    │        128 │   Y   │
        │ (BatchNormalization)        │                       │            │       │
        ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
        │ max_pooling2d               │ (None, 15, 15, 32)    │          0 │   -   │
        │ (MaxPooling2D)              │                       │            │       │
        ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
        │ flatten_2 (Flatten)         │ (None, 7200)          │          0 │   -   │
        ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
        │ head (Dense)                │ (None, 10)            │     72,010 │   Y   │
        └─────────────────────────────┴───────────────────────┴────────────┴───────┘
         Total params: 73,034 (285.29 KB)
         Trainable params: 72,074 (281.54 KB)
         Non-trainable params: 960 (3.75 KB)
        """)
    #expect(
      table.text(width: 120) == """
        Model: "my_net"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━┓
        ┃ Layer (type)                                  ┃ Output Shape                        ┃            Param # ┃ Trainable ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━┩
        │ a_really_long_layer_name_that_wraps_around    │ (None, 30, 30, 32)                  │                896 │     N     │
        │ (Conv2D)                                      │                                     │                    │           │
        ├───────────────────────────────────────────────┼─────────────────────────────────────┼────────────────────┼───────────┤
        │ batch_normalization (BatchNormalization)      │ (None, 30, 30, 32)                  │                128 │     Y     │
        ├───────────────────────────────────────────────┼─────────────────────────────────────┼────────────────────┼───────────┤
        │ max_pooling2d (MaxPooling2D)                  │ (None, 15, 15, 32)                  │                  0 │     -     │
        ├───────────────────────────────────────────────┼─────────────────────────────────────┼────────────────────┼───────────┤
        │ flatten_2 (Flatten)                           │ (None, 7200)                        │                  0 │     -     │
        ├───────────────────────────────────────────────┼─────────────────────────────────────┼────────────────────┼───────────┤
        │ head (Dense)                                  │ (None, 10)                          │             72,010 │     Y     │
        └───────────────────────────────────────────────┴─────────────────────────────────────┴────────────────────┴───────────┘
         Total params: 73,034 (285.29 KB)
         Trainable params: 72,074 (281.54 KB)
         Non-trainable params: 960 (3.75 KB)
        """)
  }

  @Test func nestedModel() {
    let table = SummaryTable(
      modelName: "sequential_2",
      rows: [
        .row("base", "Sequential", "(None, 4)", 112),
        .row("conv2d_1", "Conv2D", "(None, 6, 6, 4)", 112, depth: 1),
        .row("global_average_pooling2d", "GlobalAveragePooling2D", "(None, 4)", 0, depth: 1),
        .row("dropout", "Dropout", "(None, 4)", 0), .row("head", "Dense", "(None, 2)", 10),
      ], trainableCount: 122)
    #expect(
      table.text(width: 76) == """
        Model: "sequential_2"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ base (Sequential)               │ (None, 4)              │           112 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │    └ conv2d_1 (Conv2D)          │ (None, 6, 6, 4)        │           112 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │    └ global_average_pooling2d   │ (None, 4)              │             0 │
        │ (GlobalAveragePooling2D)        │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dropout (Dropout)               │ (None, 4)              │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ head (Dense)                    │ (None, 2)              │            10 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 122 (488.00 B)
         Trainable params: 122 (488.00 B)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func bigNumbersAndNamesWithSpaces() {
    let table = SummaryTable(
      modelName: "sequential_3",
      rows: [
        .row("dense_9", "Dense", "(None, 4096)", 4_198_400),
        .row("dense_10", "Dense", "(None, 65536)", 268_500_992),
        .row("an_odd.name-with words and [brackets]", "Dense", "(None, 1024)", 67_109_888),
      ], trainableCount: 339_809_280)
    #expect(
      table.text(width: 76) == """
        Model: "sequential_3"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ dense_9 (Dense)                 │ (None, 4096)           │     4,198,400 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_10 (Dense)                │ (None, 65536)          │   268,500,992 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ an_odd.name-with words and      │ (None, 1024)           │    67,109,888 │
        │ [brackets] (Dense)              │                        │               │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 339,809,280 (1.27 GB)
         Trainable params: 339,809,280 (1.27 GB)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func severalOutputs() {
    let table = SummaryTable(
      modelName: "functional_9",
      rows: [
        .row("input_layer_8", "InputLayer", "(None, 5, 2)", 0),
        .row("lstm", "LSTM", "[(None, 3), (None, 3), (None, 3)]", 72),
      ], trainableCount: 72)
    #expect(
      table.text(width: 76) == """
        Model: "functional_9"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ input_layer_8 (InputLayer)      │ (None, 5, 2)           │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ lstm (LSTM)                     │ [(None, 3), (None, 3), │            72 │
        │                                 │ (None, 3)]             │               │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 72 (288.00 B)
         Trainable params: 72 (288.00 B)
         Non-trainable params: 0 (0.00 B)
        """)
  }

  @Test func shapes() {
    #expect(SummaryTable.shapeText([28, 28]) == "(None, 28, 28)")
    #expect(SummaryTable.shapeText([]) == "(None,)")
  }

  @Test func tinyWindowsDoNotTrap() {
    #expect(Self.first.text(width: 1).split(separator: "\n").dropFirst().first?.count == 36)
  }
}
