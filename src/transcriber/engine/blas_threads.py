"""NumPy's matrix products on one thread, for entry points to apply at their start."""

import numpy.linalg  # noqa: F401  # pyright: ignore[reportUnusedImport] -- only what is loaded is found.
from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs] -- it has none.


def use_one_blas_thread() -> None:
    """Keep NumPy's matrix products to the thread that asks for them, in the whole process.

    The features of a window are small products.  OpenBLAS's other threads gain nothing on them,
    wait for the next one in a loop, and so take 5 % of the time from the decoders on the other
    cores.  How a product is split also decides its last bits: on one thread a machine with more
    cores writes what one with fewer does.
    """
    threadpool_limits(limits=1, user_api="blas")
