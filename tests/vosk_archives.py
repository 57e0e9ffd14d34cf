"""Archives that look like Vosk models, and such as must not be unpacked."""

import io
import random
import zipfile

ENGLISH = "vosk-model-small-en-us-0.15"

_FST = (2125659606).to_bytes(4, "little")

FILES = {
    "am/final.mdl": random.Random(1).randbytes(200_000),
    "conf/mfcc.conf": b"--use-energy=false\n",
    "conf/model.conf": b"--min-active=200\n",
    "graph/phones/word_boundary.int": b"1 nonword\n",
    "graph/HCLG.fst": _FST + random.Random(2).randbytes(100_000),
}
"""All that the booth's check of a Vosk model asks for."""


def vosk_archive(folder: str = ENGLISH) -> bytes:
    """A zip archive with one folder that passes for a Vosk model."""
    return zipped({f"{folder}/": b""} | {f"{folder}/{name}": FILES[name] for name in FILES})


def zipped(
    files: dict[str, bytes],
    modes: dict[str, int] | None = None,
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A zip archive of anything; a mode is Unix's, such as that of a symbolic link."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            entry.external_attr = (modes or {}).get(name, 0) << 16
            bundle.writestr(entry, content)
    return packed.getvalue()
