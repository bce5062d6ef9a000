"""What an object store, or the network before it, can do to one request."""

import re

from s3_proxy import Exchange, Fault

SLOW_DOWN = (503, "SlowDown")
INTERNAL = (500, "InternalError")
FULL = (507, "InsufficientStorage")


def answer(status: int, code: str) -> Fault:
    """The store refuses in its own words, without doing anything."""
    text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>faulty</Message></Error>'

    def play(exchange: Exchange) -> None:
        exchange.take_body()
        exchange.client.sendall(_write_answer(status, "application/xml", text.encode()))

    return play


def answer_with_page(status: int) -> Fault:
    """Something between us and the store answers with a page of its own."""

    def play(exchange: Exchange) -> None:
        exchange.take_body()
        page = b"<html><body>It works!<br></body></html>"
        exchange.client.sendall(_write_answer(status, "text/html", page))

    return play


def fail_inside(code: str) -> Fault:
    """The store says 200 and only then that it failed, as S3 does when it completes."""
    return answer(200, code)


def lose_answer(exchange: Exchange) -> None:
    """The store does it, and nobody hears that it did."""
    exchange.ask_server(exchange.take_body())


def refuse_connection(exchange: Exchange) -> None:
    """The connection is closed before anything was done."""


def stall(exchange: Exchange) -> None:
    """Everything is taken and nothing is ever said."""
    exchange.take_body()
    exchange.hold()


def cut_upload(after: int) -> Fault:
    """The connection breaks while the body is sent."""

    def play(exchange: Exchange) -> None:
        exchange.send_to_server(exchange.take_body(min(after, exchange.request.body_bytes)))

    return play


def flip_upload(exchange: Exchange) -> None:
    """One bit of the body changes on its way."""
    body = bytearray(exchange.take_body())
    body[len(body) // 2] ^= 1
    head, rest = exchange.ask_server(bytes(body))
    exchange.client.sendall(head + rest)


def cut_download(after: int) -> Fault:
    """The connection breaks while the object is read."""

    def play(exchange: Exchange) -> None:
        head, body = exchange.ask_server(exchange.take_body())
        exchange.client.sendall(head + body[:after])

    return play


def stall_download(after: int) -> Fault:
    """The object comes up to a point, and then nothing does."""

    def play(exchange: Exchange) -> None:
        head, body = exchange.ask_server(exchange.take_body())
        exchange.client.sendall(head + body[:after])
        exchange.hold()

    return play


def shorten_download(count: int) -> Fault:
    """A well-formed answer with the first bytes only: HTTP allows less than was asked for."""

    def play(exchange: Exchange) -> None:
        head, body = exchange.ask_server(exchange.take_body())
        short = body[:count]
        head = re.sub(rb"(?i)content-length: \d+", b"Content-Length: %d" % len(short), head)
        head = re.sub(rb"(?i)(content-range: bytes )(\d+)-\d+", _Shorten(len(short)), head)
        exchange.client.sendall(head + short)

    return play


def drop_header(name: str) -> Fault:
    """The answer lacks a header that it should have."""

    def play(exchange: Exchange) -> None:
        head, body = exchange.ask_server(exchange.take_body())
        pattern = rb"(?im)^" + re.escape(name.encode()) + rb":[^\r\n]*\r\n"
        exchange.client.sendall(re.sub(pattern, b"", head) + body)

    return play


class _Shorten:
    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, found: re.Match[bytes]) -> bytes:
        start = int(found[2])
        return b"%s%d-%d" % (found[1], start, start + self._count - 1)


def _write_answer(status: int, kind: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} Faulty\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
