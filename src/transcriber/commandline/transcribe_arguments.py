"""The arguments of `transcriber transcribe`, each with its help."""

from pathlib import Path
from typing import Annotated

import typer

from transcriber.engine import options

Files = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE",
        help="Recordings: any audio, or video with sound.  After -- names may start with a dash.",
    ),
]
Model = Annotated[str, typer.Option("--model", "-m", help="A staged model.")]
Language = Annotated[
    str | None,
    typer.Option("--language", "-l", help="Code of the spoken language; otherwise detected."),
]
Task = Annotated[str, typer.Option("--task", help="transcribe, or translate to write English.")]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        "-f",
        help="txt, srt, vtt, tsv, csv, json, docx, pdf or all; may be repeated.",
        show_default="txt",
    ),
]
OutputDir = Annotated[
    Path | None,
    typer.Option("--output-dir", "-o", help="Write files here.  It is made if it is missing."),
]
KeepExisting = Annotated[
    bool,
    typer.Option("--keep-existing", help="Skip recordings whose transcripts are there already."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress, only failures.")]

WordTimestamps = Annotated[
    bool,
    typer.Option("--word-timestamps", help="Time each word (finer subtitles)."),
]
SpeakerCount = Annotated[
    str | None,
    typer.Option(
        "--speakers",
        metavar="auto|NUMBER",
        help="Tell apart who speaks: auto to find out how many people do, or their number.",
    ),
]
BeamSize = Annotated[
    int,
    typer.Option("--beam-size", help="Beams; 1 is greedy and fast."),
]
InitialPrompt = Annotated[
    str | None,
    typer.Option("--initial-prompt", help="Text that sets style and spelling."),
]
Hotwords = Annotated[
    str | None,
    typer.Option("--hotwords", help="Names and words to expect."),
]
ConditionOnPreviousText = Annotated[
    bool,
    typer.Option(
        "--condition-on-previous-text",
        help="Give each window the text before it; one after the other, so slower.",
    ),
]
VadFilter = Annotated[
    bool,
    typer.Option(
        "--vad/--no-vad",
        help="Skip what the speech detector calls silence.",
    ),
]

Device = Annotated[options.Device, typer.Option("--device", help="Where to compute.")]
ComputeType = Annotated[
    options.ComputeType,
    typer.Option("--compute-type", help="How to compute; auto is the fastest."),
]
Threads = Annotated[
    int,
    typer.Option("--threads", min=0, max=options.MAX_THREADS, help="CPU threads; 0 is every core."),
]

MaxLineLength = Annotated[
    int,
    typer.Option("--max-line-length", help="Columns per line."),
]
MaxLineCount = Annotated[int, typer.Option("--max-line-count", help="Lines per cue.")]
ReadingSpeed = Annotated[
    float,
    typer.Option("--max-characters-per-second", help="Reading speed."),
]
MinCueSeconds = Annotated[float, typer.Option("--min-cue-seconds", help="Shortest cue.")]
MaxCueSeconds = Annotated[float, typer.Option("--max-cue-seconds", help="Longest cue.")]
MinGapSeconds = Annotated[float, typer.Option("--min-gap-seconds", help="Between cues.")]
