"""optimizers.json: the variables' way through twenty steps; learning-rate schedules."""

from .common import Numbers, array, jax, keras, np, optimizer, write

STEPS, SHOWN = 20, (1, 2, 3, 10, 20)

CASES = [
    ("SGD", {}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"learning_rate": 0.1, "weight_decay": 0.02}),
    ("SGD", {"learning_rate": 0.1, "momentum": 0.5, "weight_decay": 0.02}),
    ("SGD", {"learning_rate": 0.1, "clipnorm": 1.0}),
    ("SGD", {"learning_rate": 0.1, "clipvalue": 0.5}),
    ("SGD", {"learning_rate": 0.1, "global_clipnorm": 1.5}),
    ("SGD", {"learning_rate": 0.1, "gradient_accumulation_steps": 3}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9}),
    ("SGD", {"learning_rate": 0.1, "use_ema": True, "ema_momentum": 0.9, "ema_overwrite_frequency": 4}),
    ("SGD", {"learning_rate": {"class": "ExponentialDecay", "arguments": {
        "initial_learning_rate": 0.1, "decay_steps": 5, "decay_rate": 0.5}}, "momentum": 0.9}),
    ("Adam", {}),
    ("Adam", {"learning_rate": 0.01, "amsgrad": True}),
    ("Adam", {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ("Adam", {"learning_rate": 0.01, "weight_decay": 0.05}),
    ("Adam", {"learning_rate": 0.01, "clipnorm": 0.5}),
    ("AdamW", {}),
    ("AdamW", {"learning_rate": 0.01, "weight_decay": 0.1}),
    ("RMSprop", {}),
    ("RMSprop", {"learning_rate": 0.01, "rho": 0.5}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.9}),
    ("RMSprop", {"learning_rate": 0.01, "centered": True}),
    ("RMSprop", {"learning_rate": 0.01, "momentum": 0.9, "centered": True, "epsilon": 1e-3}),
    ("Nadam", {"learning_rate": 0.01}),
    ("Adamax", {"learning_rate": 0.01}),
    ("Adagrad", {"learning_rate": 0.01}),
    ("Adadelta", {"learning_rate": 0.1}),
    ("Lion", {"learning_rate": 0.01}),
    ("Ftrl", {"learning_rate": 0.01}),
]

SCHEDULES = [
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("ExponentialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("ExponentialDecay", {"initial_learning_rate": 0.2, "decay_steps": 3, "decay_rate": 0.9}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 15}),
    ("CosineDecay", {"initial_learning_rate": 0.1, "decay_steps": 15, "alpha": 0.2}),
    ("CosineDecay", {"initial_learning_rate": 0.0, "decay_steps": 15, "warmup_target": 0.1, "warmup_steps": 5}),
    ("CosineDecay", {
        "initial_learning_rate": 0.02, "decay_steps": 10, "alpha": 0.1, "warmup_target": 0.2, "warmup_steps": 4}),
    ("PiecewiseConstantDecay", {"boundaries": [5, 10], "values": [0.1, 0.01, 0.001]}),
    ("PiecewiseConstantDecay", {"boundaries": [3], "values": [1.0, 0.5]}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10}),
    ("PolynomialDecay", {
        "initial_learning_rate": 0.1, "decay_steps": 10, "end_learning_rate": 0.01, "power": 2.0}),
    ("PolynomialDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "end_learning_rate": 0.01, "cycle": True}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5}),
    ("InverseTimeDecay", {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.5, "staircase": True}),
    ("CosineDecayRestarts", {"initial_learning_rate": 0.1, "first_decay_steps": 4}),
    ("CosineDecayRestarts", {
        "initial_learning_rate": 0.1, "first_decay_steps": 5, "t_mul": 1.5, "m_mul": 0.8, "alpha": 0.05}),
]


def steps():
    """Starting values of two variables, and twenty gradients for each: small ones, large ones, zeros."""
    numbers = Numbers("optimizer steps")
    start = [numbers.normal((3, 4)), numbers.normal((5,))]
    gradients = []
    for step in range(STEPS):
        scale = (1.0, 0.1, 3.0)[step % 3]
        gradients.append([numbers.normal((3, 4), scale), numbers.normal((5,), scale)])
        gradients[-1][1][3] = 0.0
    return start, gradients


def case(name, arguments, start, gradients):
    description = {"class": name, "arguments": arguments}
    made = optimizer(description)
    variables = [keras.Variable(s, name=n) for s, n in zip(start, ("kernel", "bias"))]
    made.build(variables)
    own = len(made.variables)
    values = []
    for step, gradient in enumerate(gradients, 1):
        made.apply([jax.numpy.asarray(g) for g in gradient], variables)
        if step in SHOWN:
            values.append({"step": step, "kernel": array(variables[0].numpy()), "bias": array(variables[1].numpy())})
    slots = [array(v.numpy(), name=v.path) for v in made.variables if v.path.split("/")[-1] not in ("iteration", "learning_rate")]
    result = {**description, "after": values, "iterations": int(made.iterations), "slots": slots}
    if arguments.get("use_ema"):
        made.finalize_variable_values(variables)
        result["finalized"] = {"kernel": array(variables[0].numpy()), "bias": array(variables[1].numpy())}
    assert own == len(made.variables)
    return result


def generate():
    start, gradients = steps()
    write("optimizers.json", {
        "start": {"kernel": array(start[0]), "bias": array(start[1])},
        "gradients": [{"kernel": array(k), "bias": array(b)} for k, b in gradients],
        "cases": [case(name, arguments, start, gradients) for name, arguments in CASES],
        "schedules": [
            {"class": name, "arguments": arguments,
             "values": np.array([float(getattr(keras.optimizers.schedules, name)(**arguments)(s)) for s in range(26)])}
            for name, arguments in SCHEDULES],
    })
