"""Which cross-attention heads follow the audio: they give the word timestamps."""

import base64
import gzip

from transcriber.engine.checkpoint import Dimensions
from transcriber.engine.official import OFFICIAL_CHECKSUMS

# _ALIGNMENT_HEADS of OpenAI's whisper/__init__.py: gzip of one boolean per decoder layer and head.
_HEADS = {
    "tiny.en": b"ABzY8J1N>@0{>%R00Bk>$p{7v037`oCl~+#00",
    "tiny": b"ABzY8bu8Lr0{>%RKn9Fp%m@SkK7Kt=7ytkO",
    "base.en": b"ABzY8;40c<0{>%RzzG;p*o+Vo09|#PsxSZm00",
    "base": b"ABzY8KQ!870{>%RzyTQH3`Q^yNP!>##QT-<FaQ7m",
    "small.en": b"ABzY8>?_)10{>%RpeA61k&I|OI3I$65C{;;pbCHh0B{qLQ;+}v00",
    "small": b"ABzY8DmU6=0{>%Rpa?J`kvJ6qF(V^F86#Xh7JUGMK}P<N0000",
    "medium.en": b"ABzY8usPae0{>%R7<zz_OvQ{)4kMa0BMw6u5rT}kRKX;$NfYBv00*Hl@qhsU00",
    "medium": b"ABzY8B0Jh+0{>%R7}kK1fFL7w6%<-Pf*t^=N)Qr&0RR9",
    "large-v1": b"ABzY8r9j$a0{>%R7#4sLmoOs{s)o3~84-RPdcFk!JR<kSfC2yj",
    "large-v2": (b"ABzY8zd+h!0{>%R7=D0pU<_bnWW*tkYAhobTNnu$jnkEkXqp)j;w1Tzk)UH3X%SZd&fFZ2fC2yj"),
    "large-v3": b"ABzY8gWO1E0{>%R7(9S+Kn!D~%ngiGaR?*L!iJG9p-nab0JQ=-{D1-g00",
    "large-v3-turbo": b"ABzY8j^C+e0{>%RARaKHP%t(lGR*)0g!tONPyhe`",
}
# Decoder layers, heads and vocabulary of each family, to recognise fine-tunes.  large-v1 and -v2
# share theirs; a checkpoint that is neither's official file is taken for the newer.
_FAMILIES = {
    (4, 6, 51_864): "tiny.en",
    (4, 6, 51_865): "tiny",
    (6, 8, 51_864): "base.en",
    (6, 8, 51_865): "base",
    (12, 12, 51_864): "small.en",
    (12, 12, 51_865): "small",
    (24, 16, 51_864): "medium.en",
    (24, 16, 51_865): "medium",
    (32, 20, 51_865): "large-v2",
    (32, 20, 51_866): "large-v3",
    (4, 20, 51_866): "large-v3-turbo",
}


def list_alignment_heads(dims: Dimensions, sha256: str) -> list[tuple[int, int]]:
    """Find the alignment heads of a checkpoint.

    Args:
        dims: Its dimensions.
        sha256: Its checksum, which tells an official file from one of equal shape.

    Returns:
        Pairs of decoder layer and head; for a shape OpenAI never published all heads of the upper
        half of the layers, which is OpenAI's own default.
    """
    official = (name for name, checksum in OFFICIAL_CHECKSUMS.items() if checksum == sha256)
    family = _FAMILIES.get((dims.n_text_layer, dims.n_text_head, dims.n_vocab))
    name = next((name for name in official if name in _HEADS), family)
    if name is None:
        upper = range(dims.n_text_layer // 2, dims.n_text_layer)
        return [(layer, head) for layer in upper for head in range(dims.n_text_head)]
    flags = gzip.decompress(base64.b85decode(_HEADS[name]))
    return [divmod(index, dims.n_text_head) for index, flag in enumerate(flags) if flag]
