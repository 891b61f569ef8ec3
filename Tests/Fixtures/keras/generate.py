"""Writes the fixtures of this folder: numbers that real Keras 3 computed. See README.md.

    python generate.py                        # everything
    python generate.py losses layers/dense    # some families
"""

import functools
import sys

from families import activations_and_layers, dropout, history, images, losses, metrics, optimizers, texts, training

FAMILIES = {
    **{f"layers/{name}": functools.partial(activations_and_layers.generate, name)
       for name in activations_and_layers.FAMILIES},
    "layers/images": images.generate_layers,
    "images": images.generate,
    "dropout": dropout.generate,
    "losses": losses.generate,
    "metrics": metrics.generate,
    "optimizers": optimizers.generate,
    **{f"training/{name}": function for name, function in training.FAMILIES.items()},
    "summary": texts.summary,
    "names": texts.names,
    "history": history.generate,
}


def main():
    for name in sys.argv[1:] or FAMILIES:
        FAMILIES[name]()


if __name__ == "__main__":
    main()
