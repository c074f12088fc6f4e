"""`fashen serve` — starts, says where, answers, and stops with 0 when it is asked to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(command, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server of its own, once it has said where it is."""
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; from workflow.cli import main; sys.exit(main())",
         "serve", "--port", "0", *words],
        cwd=command.folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_answers_there_and_stops_with_0(command, sign):
    with serving(command) as (process, told):
        where = re.fullmatch(r"法审已启动：(http://127\.0\.0\.1:(\d+)/)\n", told)
        assert where, told
        assert int(where[2]) > 0
        with urllib.request.urlopen(where[1], timeout=30) as answer:
            assert answer.status == 200
        process.send_signal(sign)
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()


def test_one_process_a_data_directory(command):
    with serving(command) as (_, told):
        assert told.startswith("法审已启动")
        second = command("serve", "--port", "0")
        assert second.code == 1
        assert "已有一个 fashen serve 在运行" in second.err


def test_a_port_that_is_taken_is_said_in_one_sentence(command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = command("serve", "--port", port)

    assert (ran.code, ran.out) == (1, "")
    assert f"端口 {port}" in ran.err
    assert "换一个端口" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(("port", "said"), [("99999", "0 到 65535"), ("x", "要写成整数")])
def test_a_port_that_cannot_be_is_wrong_usage(command, port, said):
    ran = command("serve", "--port", port)

    assert ran.code == 2
    assert said in ran.err
