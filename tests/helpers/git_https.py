"""A server of repositories by https, as strangers' sites are: with a password, with redirects, and one that hangs."""

from __future__ import annotations

import base64
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.helpers.repositories import NOBODY


@dataclass
class GitServer:
    """What it serves and how it answers, and what it was told: the paths, and each authorisation with its path."""

    folder: Path
    certificate: Path
    port: int = 0
    password: str = ""
    redirects: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"localhost:{self.port}"

    def address(self, name: str) -> str:
        return f"https://{self.host}/{name}"


@contextmanager
def git_server(folder: Path, certificate: Path) -> Iterator[GitServer]:
    """Serves the repositories in a folder; the certificate file is made, and is its own authority."""
    make_certificate(certificate)
    server = GitServer(folder, certificate)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, server)

        def do_POST(self) -> None:
            answer(self, server)

        def log_message(self, *_: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    listener = ThreadingHTTPServer(("localhost", 0), Handler)
    listener.socket = context.wrap_socket(listener.socket, server_side=True)
    server.port = listener.server_port
    thread = threading.Thread(target=listener.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()


def make_certificate(file: Path) -> None:
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run([*command.split(), "-keyout", file, "-out", f"{file}.pem"], check=True, capture_output=True)
    file.write_bytes(file.read_bytes() + Path(f"{file}.pem").read_bytes())


def answer(request: BaseHTTPRequestHandler, server: GitServer) -> None:
    path, _, query = request.path.partition("?")
    given = request.headers.get("Authorization", "")
    server.asked.append((path, base64.b64decode(given.removeprefix("Basic ")).decode()))
    body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
    for start, to in server.redirects.items():
        if path.startswith(start):
            return respond(request, 302, {"Location": f"{to}{request.path.removeprefix(start)}"})
    if server.password and server.asked[-1][1].partition(":")[2] != server.password:
        return respond(request, 401, {"WWW-Authenticate": 'Basic realm="git"'})
    done = subprocess.run(
        ["git", "http-backend"],
        env={
            **NOBODY,
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(server.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
            "HTTP_CONTENT_ENCODING": request.headers.get("Content-Encoding", ""),
            "CONTENT_TYPE": request.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": request.command,
        },
        input=body,
        capture_output=True,
        check=False,
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().splitlines())
    return respond(request, int(headers.pop("Status", "200").split()[0]), headers, content)


def respond(request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes = b"") -> None:
    request.send_response(status)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
