"""Write Silero's speech detector so that two listeners share all of it that has no memory.

What comes before the recurrent layer is nine tenths of the time and the same for both listeners,
so it runs once.  Its convolutions over at most four positions are matrix products here, which ONNX
Runtime computes several times as fast; the numbers are unchanged.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, checker, helper, numpy_helper

SAMPLES = 576
"""A frame of 512 samples after the last 64 of the frame before it."""

HOP = 128
"""Between the spectra, each of two hops: four of them, the last one over reflected samples."""

HIDDEN = 128
LISTENERS = 2
OPSET = 17
IR_VERSION = 9
"""Of ONNX: both as old as what the operators below need, so that every runtime reads them."""

_RECURRENT = ("onnx::LSTM_209", "onnx::LSTM_210", "onnx::LSTM_211")

Array = npt.NDArray[np.float32]


class _Graph:
    """Nodes and constants, each node named by its output."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def keep(self, values: Array | Sequence[int]) -> str:
        name = f"constant{len(self.constants)}"
        array = values if isinstance(values, np.ndarray) else np.array(values, np.int64)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, *inputs: str) -> str:
        name = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name]))
        return name

    def join(self, parts: Sequence[str], axis: int) -> str:
        name = f"concat{len(self.nodes)}"
        self.nodes.append(helper.make_node("Concat", list(parts), [name], axis=axis))
        return name

    def take(self, data: str, first: int, stop: int, step: int = 1) -> str:
        """Positions along the middle axis."""
        ends = [self.keep([each]) for each in (first, stop, 1, step)]
        return self.add("Slice", data, *ends)

    def project(self, data: str, weight: Array, bias: Array) -> str:
        product = self.add("MatMul", data, self.keep(weight))
        return self.add("Relu", self.add("Add", product, self.keep(bias)))


def build_speech_network(source: ModelProto) -> ModelProto:
    """The network: `input` (frames, 576), `h` and `c` (1, 2, 128) in.

    Out come `speech` (frames, 2), a probability for each listener, `hn` and `cn` (1, 2, 128).

    Args:
        source: Silero VAD 6 as faster-whisper carries it.

    Raises:
        KeyError: It is another network.
    """
    tensors = {each.name: numpy_helper.to_array(each) for each in source.graph.initializer}
    graph = _Graph()
    features = _add_convolutions(graph, tensors, _add_spectra(graph, tensors))
    _add_listeners(graph, tensors, features)
    state = [1, LISTENERS, HIDDEN]
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "speech",
            [_declare("input", ["frames", SAMPLES]), _declare("h", state), _declare("c", state)],
            [
                _declare("speech", ["frames", LISTENERS]),
                _declare("hn", state),
                _declare("cn", state),
            ],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=IR_VERSION,
    )
    checker.check_model(model)  # pyright: ignore[reportUnknownMemberType] -- onnx names no type for its paths.
    return model


def _add_spectra(graph: _Graph, tensors: dict[str, Array]) -> str:
    """Magnitudes: (frames, 4, 129)."""
    basis = tensors["encoder.feature_extractor.forward_basis_buffer"][:, 0, :]
    pads = graph.keep([0, 0, 0, HOP // 2])
    graph.nodes.append(helper.make_node("Pad", ["input", pads], ["padded"], mode="reflect"))
    hops = graph.add("Reshape", "padded", graph.keep([-1, 5, HOP]))
    windows = graph.join([graph.take(hops, 0, 4), graph.take(hops, 1, 5)], axis=2)
    half = len(basis) // 2
    parts = [
        graph.add("MatMul", windows, graph.keep(each.T.copy()))
        for each in (basis[:half], basis[half:])
    ]
    squares = [graph.add("Mul", each, each) for each in parts]
    return graph.add("Sqrt", graph.add("Add", *squares))


def _add_convolutions(graph: _Graph, tensors: dict[str, Array], spectra: str) -> str:
    """Features: (frames, 1, 128).  Each of three taps with a zero at either end."""
    zeros = graph.keep([0, 1, 0, 0, 1, 0])
    data = spectra
    for layer, step, count in ((0, 1, 4), (1, 2, 2), (2, 2, 1)):
        padded = graph.add("Pad", data, zeros)
        taps = [graph.take(padded, first, first + step * count, step) for first in range(3)]
        weight = tensors[f"encoder.conv_layers.{layer}.weight"]
        joined = weight.transpose(2, 1, 0).reshape(-1, len(weight))
        data = graph.project(
            graph.join(taps, axis=2), joined, tensors[f"encoder.conv_layers.{layer}.bias"]
        )
    # Of a single position the taps to both sides see zeros alone.
    middle = tensors["encoder.conv_layers.3.weight"][:, :, 1]
    return graph.project(data, middle.T.copy(), tensors["encoder.conv_layers.3.bias"])


def _add_listeners(graph: _Graph, tensors: dict[str, Array], features: str) -> None:
    both = graph.join([features] * LISTENERS, axis=1)
    weights = [graph.keep(tensors[name]) for name in _RECURRENT]
    graph.nodes.append(
        helper.make_node(
            "LSTM",
            [both, *weights, "", "h", "c"],
            ["heard", "hn", "cn"],
            hidden_size=HIDDEN,
        )
    )
    heard = graph.add("Relu", graph.add("Squeeze", "heard", graph.keep([1])))
    answer = graph.add("MatMul", heard, graph.keep(tensors["decoder.conv1d.weight"][0]))
    raised = graph.add("Add", answer, graph.keep(tensors["decoder.conv1d.bias"]))
    certain = graph.add("Sigmoid", raised)
    graph.nodes.append(helper.make_node("Squeeze", [certain, graph.keep([2])], ["speech"]))


def _declare(name: str, shape: Sequence[int | str]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
