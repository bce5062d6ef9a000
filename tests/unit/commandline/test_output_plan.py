from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from transcriber.commandline.output_plan import plan_outputs


def plan(*inputs: str, to: str | None = "out") -> list[str]:
    outputs = plan_outputs([Path(each) for each in inputs], [".txt"], Path(to) if to else None)
    return [str(each[".txt"]) for each in outputs]


def test_a_lone_name_loses_its_extension() -> None:
    assert plan("a/talk.mp3") == ["out/talk.txt"]
    assert plan("a/talk.mp3", to=None) == ["a/talk.txt"]


def test_names_that_would_collide_keep_their_extensions() -> None:
    assert plan("talk.mp3", "talk.wav", "other.mp3") == [
        "out/talk.mp3.txt",
        "out/talk.wav.txt",
        "out/other.txt",
    ]


def test_the_same_name_in_two_folders_collides_only_in_one_output_directory() -> None:
    assert plan("a/talk.mp3", "b/talk.mp3") == ["out/talk.mp3.txt", "out/talk.mp3.2.txt"]
    assert plan("a/talk.mp3", "b/talk.mp3", to=None) == ["a/talk.txt", "b/talk.txt"]


def test_an_output_never_replaces_an_input() -> None:
    assert plan("talk.txt", to=None) == ["talk.txt.txt"]
    assert plan("talk.mp3", "talk.txt", "talk.mp3.txt", to=None) == [
        "talk.mp3.2.txt",
        "talk.txt.txt",
        "talk.mp3.txt.txt",
    ]


def test_an_input_is_known_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (path,) = plan_outputs([tmp_path / "real" / "a.txt"], [".txt"], tmp_path / "link")
    assert path[".txt"].name == "a.txt.txt"


def test_names_that_differ_in_case_only_collide() -> None:
    assert plan("Talk.mp3", "talk.mp3") == ["out/Talk.mp3.txt", "out/talk.mp3.2.txt"]


names = st.text("ab.-", min_size=1, max_size=6).filter(lambda name: name not in {".", ".."})


@given(st.lists(st.tuples(st.sampled_from("xy"), names), unique=True, max_size=8), st.booleans())
def test_no_output_is_shared_or_an_input(inputs: list[tuple[str, str]], is_beside: bool) -> None:  # noqa: FBT001 - Hypothesis passes it.
    paths = [Path(folder) / f"{name}.txt" for folder, name in inputs]
    outputs = plan_outputs(paths, [".txt", ".srt"], None if is_beside else Path("x"))
    targets = [target for each in outputs for target in each.values()]
    assert len(set(targets)) == len(targets) == 2 * len(paths)
    assert not set(targets) & set(paths)
