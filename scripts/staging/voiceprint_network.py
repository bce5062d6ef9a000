"""Write Resemblyzer's speaker encoder as an ONNX network: three LSTM layers and a projection."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

LAYERS = 3
HIDDEN = 256
BANDS = 40
OPSET = 17
IR_VERSION = 9
"""Of ONNX: both as old as what the operators below need, so that every runtime reads them."""

Array = npt.NDArray[np.float32]


def build_voiceprint_network(state: Mapping[str, Array]) -> ModelProto:
    """The network: `mel` (batch, frames, 40) in, `print` (batch, 256) out, not scaled to length 1.

    Args:
        state: The encoder's tensors by PyTorch's names.

    Raises:
        KeyError: One of them is missing.
    """
    initializers: list[TensorProto] = []

    def keep(name: str, values: Array) -> str:
        initializers.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    # ONNX wants time first.
    nodes = [helper.make_node("Transpose", ["mel"], ["sequence0"], perm=[1, 0, 2])]
    axis = "direction_axis"
    initializers.append(numpy_helper.from_array(np.array([1], np.int64), axis))
    for layer in range(LAYERS):
        weights = [
            keep(f"{kind}{layer}", _reorder(state[f"lstm.weight_{name}_l{layer}"])[None])
            for kind, name in (("w", "ih"), ("r", "hh"))
        ]
        biases = [_reorder(state[f"lstm.bias_{name}_l{layer}"]) for name in ("ih", "hh")]
        nodes += _build_layer(
            layer, [*weights, keep(f"b{layer}", np.concatenate(biases)[None])], axis
        )
    last = keep("projection", state["linear.weight"].T)
    initializers.append(numpy_helper.from_array(np.array([0], np.int64), "last_axis"))
    nodes += [
        helper.make_node("Squeeze", [f"hidden{LAYERS - 1}", "last_axis"], ["state"]),
        helper.make_node("Gemm", ["state", last, keep("offset", state["linear.bias"])], ["raw"]),
        helper.make_node("Relu", ["raw"], ["print"]),
    ]
    graph = helper.make_graph(
        nodes,
        "voiceprint",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["batch", "frames", BANDS])],
        [helper.make_tensor_value_info("print", TensorProto.FLOAT, ["batch", HIDDEN])],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    model.ir_version = IR_VERSION
    checker.check_model(model, full_check=True)  # pyright: ignore[reportUnknownMemberType] -- onnx leaves a part of its types open.
    return model


def _build_layer(layer: int, tensors: list[str], axis: str) -> list[NodeProto]:
    outputs = [f"all{layer}", f"hidden{layer}"]
    return [
        helper.make_node("LSTM", [f"sequence{layer}", *tensors], outputs, hidden_size=HIDDEN),
        # (time, directions, batch, hidden) without the one direction.
        helper.make_node("Squeeze", [outputs[0], axis], [f"sequence{layer + 1}"]),
    ]


def _reorder(gates: Array) -> Array:
    """PyTorch's gates are input, forget, cell, output; ONNX's input, output, forget, cell."""
    first, forget, cell, output = np.split(gates, 4)
    return np.concatenate([first, output, forget, cell])
