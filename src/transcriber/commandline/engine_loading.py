"""The real engine, imported when a model is wanted and not before."""

from transcriber.commandline.engine_port import Engine, ModelChoice
from transcriber.commandline.model_locations import find_cache_dir


def load_engine(choice: ModelChoice) -> Engine:
    """Load a staged model, converting it first where that was not done yet.

    Raises:
        ModelError: the model is missing or unusable; the message names the file.
    """
    from transcriber.engine import Transcriber, tune_allocator, use_one_blas_thread  # noqa: PLC0415 - slow to import.

    tune_allocator()
    use_one_blas_thread()
    return Transcriber.load(
        choice.model,
        models_dir=choice.models_dir,
        cache_dir=find_cache_dir(choice.model_cache_dir),
        device=choice.device,
        compute_type=choice.compute_type,
        threads=choice.threads,
    )
