"""Downloads: a complete and right file, or one clear sentence and no file."""

from __future__ import annotations

import hashlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from motiflab.datasets import fetch

CONTENT = b">chr1\nACGT\n" * 20_000
RIGHT = hashlib.sha256(CONTENT).hexdigest()


class Answers(BaseHTTPRequestHandler):
    """Serve one file, half of it, or an error; count the requests."""

    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/broken"):
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // (2 if self.path.startswith("/half") else 1)])

    def log_message(self, *_) -> None:
        """Say nothing on standard error."""


@pytest.fixture(scope="module")
def server():
    """Return the address of a server of our own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_file_is_fetched_once(server, tmp_path):
    Answers.asked.clear()
    url, folder = f"{server}/data/genome.fa", tmp_path / "new" / "folder"
    path = fetch(url, RIGHT.upper(), folder)
    assert path == (folder / "genome.fa").resolve() and path.read_bytes() == CONTENT
    assert fetch(url, RIGHT, folder) == path and Answers.asked == ["/data/genome.fa"]
    assert fetch("http://127.0.0.1:9/genome.fa", RIGHT, folder) == path  # it is there: no server


@pytest.mark.parametrize(
    ("where", "digits", "said"),
    [
        ("/genome.fa", "0" * 64, "its checksum is another one"),
        ("/half/genome.fa", RIGHT, "the connection broke off before it was whole"),
        ("/broken/genome.fa", RIGHT, r"the server answered 503 \(Service Unavailable\)"),
        (None, RIGHT, "there is no connection to the server"),
    ],
    ids=["checksum", "half", "error", "offline"],
)
def test_what_goes_wrong_is_one_sentence_and_leaves_no_file(server, tmp_path, where, digits, said):
    url = "http://127.0.0.1:9/genome.fa" if where is None else server + where
    with pytest.raises(ValueError, match=rf"^genome\.fa was not downloaded: ({said}).*\.$") as told:
        fetch(url, digits, tmp_path)
    assert "\n" not in str(told.value) and list(tmp_path.iterdir()) == []


def test_a_file_that_was_altered_is_replaced_only_by_the_right_one(server, tmp_path):
    path = tmp_path / "genome.fa"
    path.write_bytes(b"something else")
    with pytest.raises(ValueError, match="503"):
        fetch(f"{server}/broken/genome.fa", RIGHT, tmp_path)
    assert path.read_bytes() == b"something else"
    assert fetch(f"{server}/genome.fa", RIGHT, tmp_path).read_bytes() == CONTENT


def test_a_folder_that_is_none_is_named(server, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="genome.fa was not downloaded: .*file cannot be written"):
        fetch(f"{server}/genome.fa", RIGHT, tmp_path / "file")


@pytest.mark.parametrize("url", ["ftp://host/a.fa", "http://host/", "http://host", "a.fa", 3])
def test_an_address_must_be_one(url):
    with pytest.raises(ValueError, match="^url must begin with http"):
        fetch(url, RIGHT)


@pytest.mark.parametrize(
    "digits", ["", "md5:12", "g" * 64, "0" * 63], ids=lambda digits: f"{len(digits)}{digits[:1]}"
)
def test_a_checksum_must_be_one(digits):
    with pytest.raises(ValueError, match=re.escape("sha256 must be 64 hexadecimal digits")):
        fetch("http://127.0.0.1:9/a.fa", digits)
