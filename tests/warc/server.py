"""A server of raw sockets on loopback that gives the odd answers byte for byte."""

import contextlib
import datetime as dt
import socket
import ssl
import struct
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.warc.answers import ALL, TIMEOUT, Answer, Endless


class Received(NamedTuple):
    """A request as the server got it."""

    connection: int
    """Number of the connection, from 1."""
    data: bytes


class AnswerServer:
    """Serves `ANSWERS` and `ENDLESS` on loopback, one thread a connection.

    `requests` has what was asked for each name. `silent` and `silent-close` are names that get no answer.
    """

    def __init__(self, *, tls: bool = False) -> None:
        self.requests: dict[str, list[Received]] = defaultdict(list)
        self._tls = server_context() if tls else None
        self._answers: dict[str, Answer | Endless] = {answer.name: answer for answer in ALL}
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{self._socket.getsockname()[1]}"
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while not self._stopped.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            number += 1
            self._start(self._serve, connection, number)

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.settimeout(10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.enter_context(connection)
            if self._tls:
                connection = stack.enter_context(self._tls.wrap_socket(connection, server_side=True))
            used = False
            while request := _read_request(connection):
                name = request.split(b" ", 2)[1].partition(b"?")[0].decode().lstrip("/")
                self.requests[name].append(Received(number, request))
                if name.startswith("silent"):
                    self._stopped.wait(0 if name == "silent-close" else 3 * TIMEOUT)
                    return
                answer = self._answers[name]
                if isinstance(answer, Endless):
                    connection.sendall(answer.start)
                    while not self._stopped.is_set():
                        connection.sendall(answer.unit * 20)
                elif (answer.fresh and used) or not self._send(connection, answer):
                    return
                used = True

    def _send(self, connection: socket.socket, answer: Answer) -> bool:
        """Send `answer`; return whether the connection stays open."""
        step = -(-len(answer.wire) // answer.pieces)
        for start in range(0, len(answer.wire), step):
            connection.sendall(answer.wire[start : start + step])
            if answer.pieces > 1:
                time.sleep(0.0005)
        if answer.resets:
            time.sleep(0.05)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if answer.hangs:
            self._stopped.wait(3 * TIMEOUT)
        return not (answer.closes or answer.resets or answer.hangs)


def _read_request(connection: socket.socket) -> bytes:
    """Return one request head; empty where the peer closed the connection."""
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        data = connection.recv(65536)
        if not data:
            return b""
        request += data
    return request


def server_context() -> ssl.SSLContext:
    """Return a TLS context with a key and a certificate made for this process."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(tz=dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        file.flush()
        context.load_cert_chain(file.name)
    return context
