"""The containers and codecs a recording may use: explicit, so that a playlist is never followed.

FFmpeg recognises files by content.  Without the first list a text file named `.mp3` can make it
open its neighbours (concat), other hosts (HLS, DASH, SDP) or devices.  Without the second it
would decode a frame of each video stream and cover picture merely to describe them.
"""

CONTAINERS = (
    # Plain and studio audio.
    *("aiff", "au", "caf", "dsf", "flac", "sox", "tta", "voc", "w64", "wav", "wv"),
    # Compressed audio in streams of its own.
    *("aac", "ac3", "amr", "amrnb", "amrwb", "ape", "dts", "dtshd", "eac3", "latm", "loas", "mp3"),
    *("mlp", "mpc", "mpc8", "oma", "qcp", "shn", "tak", "truehd", "xwma"),
    # Containers that may carry video as well.
    *("asf", "avi", "flv", "matroska", "mov", "mpeg", "mpegts", "mxf", "nut", "ogg", "rm", "wtv"),
)

DECODERS = (
    *("aac", "aac_latm", "ac3", "alac", "als", "ape", "atrac3", "atrac3plus", "cook", "dca"),
    *("dsd_lsbf", "dsd_lsbf_planar", "dsd_msbf", "dsd_msbf_planar", "dvaudio", "eac3", "evrc"),
    *("flac", "g722", "g723_1", "g726", "g726le", "g729", "gsm", "gsm_ms", "ilbc"),
    *("libopencore_amrnb", "libopencore_amrwb", "amrnb", "amrwb", "mace3", "mace6", "mlp"),
    *("mp1float", "mp1", "mp2float", "mp2", "mp3float", "mp3", "mp3adufloat", "mp3adu"),
    *("mp3on4float", "mp3on4", "mpc7", "mpc8", "nellymoser", "opus", "libopus", "qcelp", "qdm2"),
    *("qdmc", "ra_144", "ra_288", "real_144", "real_288", "s302m", "shorten", "sipr", "speex"),
    *("tak", "truehd", "truespeech", "tta", "twinvq", "vorbis", "wavpack", "wmalossless"),
    *("wmapro", "wmav1", "wmav2", "wmavoice"),
    *("adpcm_g722", "adpcm_g726", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms", "adpcm_swf"),
    *("adpcm_yamaha", "pcm_alaw", "pcm_bluray", "pcm_dvd", "pcm_f16le", "pcm_f24le", "pcm_f32be"),
    *("pcm_f32le", "pcm_f64be", "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16be_planar"),
    *("pcm_s16le", "pcm_s16le_planar", "pcm_s24be", "pcm_s24le", "pcm_s24le_planar", "pcm_s32be"),
    *("pcm_s32le", "pcm_s32le_planar", "pcm_s64be", "pcm_s64le", "pcm_s8", "pcm_s8_planar"),
    *("pcm_u16be", "pcm_u16le", "pcm_u24be", "pcm_u24le", "pcm_u32be", "pcm_u32le", "pcm_u8"),
    "pcm_vidc",
)

# Their headers state no length, so FFmpeg estimates one from the bit rate or the last timestamp.
ESTIMATED_DURATION = frozenset(
    {"aac", "ac3", "amr", "amrnb", "amrwb", "dts", "eac3", "flv", "latm", "loas", "mlp"}
    | {"mp3", "mpeg", "mpegts", "ogg", "qcp", "shn", "truehd", "voc"}
)

MIN_SAMPLE_RATE = 4_000
MAX_SAMPLE_RATE = 384_000
MAX_CHANNELS = 32
SAMPLE_RATE = 16_000
"""What Whisper hears: mono at 16 kHz."""
