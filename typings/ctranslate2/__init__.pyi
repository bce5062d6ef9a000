# What the engine uses of ctranslate2, which ships no types.
from ctranslate2 import models as models
from ctranslate2 import specs as specs

def get_cuda_device_count() -> int: ...
def get_supported_compute_types(device: str, device_index: int = 0) -> set[str]: ...
def set_random_seed(seed: int) -> None: ...

class DataType:
    float32: DataType
