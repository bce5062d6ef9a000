import numpy as np
from numpy.typing import NDArray

def pad_or_trim(array: NDArray[np.float32]) -> NDArray[np.float32]: ...
