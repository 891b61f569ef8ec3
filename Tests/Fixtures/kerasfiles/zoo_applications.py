"""Known architectures from `keras.applications`, without their weights. Each function returns (model, inputs, None)."""

import keras
from zoo import numbers, positive, random


def application(name, size=64, **settings):
    def case():
        model = getattr(keras.applications, name)(weights=None, input_shape=(size, size, 3), **settings)
        # Statistics that are not 0 and 1.
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                *others, variance = layer.get_weights()
                layer.set_weights([w + 0.1 * numbers(*w.shape) for w in others] + [variance + positive(*variance.shape)])
        return model, [random.uniform(0, 1, (2, size, size, 3)).astype("float32")], None
    case.__name__ = name.lower()
    return case


CASES = [application("VGG16", 48, include_top=False, pooling="avg")] + [
    application(name, classes=10) for name in ("ResNet50", "ResNet50V2", "MobileNet", "MobileNetV2", "MobileNetV3Small", "DenseNet121", "EfficientNetB0")] + [
    application("Xception", 96, classes=10)]
