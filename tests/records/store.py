"""A store that speaks as much of S3 as our files need, on this machine."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


class Bucket(ThreadingHTTPServer):
    """What lies in it, by path; and the headers of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Speaker)
        self.kept: dict[str, bytes] = {}
        self.heard: list[tuple[str, dict[str, str]]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Speaker(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Bucket

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _heard(self) -> str:
        path = unquote(urlsplit(self.path).path)
        self.server.heard.append((f"{self.command} {path}", dict(self.headers)))
        return path

    def _say(self, status: int, body: bytes = b"", length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Last-Modified", formatdate(usegmt=True))
        self.send_header("ETag", '"tag"')
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        path = self._heard()
        self.server.kept[path] = self.rfile.read(int(self.headers["Content-Length"]))
        self._say(200)

    def do_HEAD(self) -> None:
        kept = self.server.kept.get(self._heard())
        self._say(404) if kept is None else self._say(200, length=len(kept))

    def do_DELETE(self) -> None:
        self.server.kept.pop(self._heard(), None)
        self._say(204)

    def do_GET(self) -> None:
        path, asked = self._heard(), parse_qs(urlsplit(self.path).query)
        if "list-type" in asked or "prefix" in asked:
            self._say(200, self._listing(path, asked.get("prefix", [""])[0]).encode())
        elif path in self.server.kept:
            self._say(200, self.server.kept[path])
        else:
            self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _listing(self, bucket: str, prefix: str) -> str:
        keys = sorted(path.removeprefix(f"{bucket}/") for path in self.server.kept)
        below = [key for key in keys if key.startswith(prefix)]
        folders = sorted({key[len(prefix) :].split("/")[0] for key in below if "/" in key[len(prefix) :]})
        files = [key for key in below if "/" not in key[len(prefix) :]]
        return (
            '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>'
            + "".join(f"<Contents><Key>{escape(key)}</Key></Contents>" for key in files)
            + "".join(
                f"<CommonPrefixes><Prefix>{prefix}{name}/</Prefix></CommonPrefixes>" for name in folders
            )
            + "</ListBucketResult>"
        )


@contextmanager
def a_bucket() -> Iterator[Bucket]:
    """Let a store listen as long as the block lasts."""
    with Bucket() as bucket:
        thread = threading.Thread(target=bucket.serve_forever, daemon=True)
        thread.start()
        try:
            yield bucket
        finally:
            bucket.shutdown()
            thread.join()
