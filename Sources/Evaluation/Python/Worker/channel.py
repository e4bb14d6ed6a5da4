"""Frames between Stockpot and a worker.

A frame is two unsigned 32-bit numbers (little-endian), the lengths of what follows: a JSON object, and
bytes that belong to it. A request has an "id" and says what to "do"; every request is answered by one
frame of the same id with "ok", "error" or "dropped". Frames with "progress" may come before it.
"""
import json
import os
import queue
import struct
import threading
import time

PROTOCOL = 1


class Channel:
    """Reads requests in a thread of its own, so that an end of the connection is noticed at once."""

    def __init__(self, connection):
        self._connection = connection
        self._requests = queue.Queue()
        self._sending = threading.Lock()
        self._dropped = set()
        self._current = None
        self._told = 0.0

    def start(self):
        threading.Thread(target=self._listen, name="stockpot", daemon=True).start()

    def next(self):
        """The next request that was not dropped, and the bytes that came with it."""
        while True:
            message, payload = self._requests.get()
            self._current = message["id"]
            if not self.is_dropped():
                return message, payload
            self.answer({"dropped": True})

    def is_dropped(self):
        """Whether nobody waits any more for an answer to the request at hand."""
        return self._current in self._dropped

    def answer(self, message, payload=b""):
        self._dropped = {number for number in self._dropped if number > self._current}
        self._send(dict(message, id=self._current), payload)

    def progress(self, done, of):
        """Says that work goes on, at most twice a second."""
        now = time.monotonic()
        if now - self._told > 0.5:
            self._told = now
            self._send({"id": self._current, "progress": [done, of]}, b"")

    def _send(self, message, payload):
        text = json.dumps(message, allow_nan=False).encode()
        with self._sending:
            self._connection.sendall(struct.pack("<II", len(text), len(payload)) + text)
            if len(payload):
                self._connection.sendall(payload)

    def _listen(self):
        try:
            while True:
                text, payload = struct.unpack("<II", self._receive(8))
                message = json.loads(self._receive(text))
                payload = self._receive(payload)
                if message["do"] == "drop":
                    self._dropped = self._dropped | set(message["ids"])
                else:
                    self._requests.put((message, payload))
        except (EOFError, OSError):
            pass
        finally:
            # Stockpot is gone, or wants this worker gone; nothing here is worth saving.
            os._exit(0)

    def _receive(self, count):
        data = bytearray(count)
        view = memoryview(data)
        while len(view):
            received = self._connection.recv_into(view)
            if received == 0:
                raise EOFError
            view = view[received:]
        return bytes(data)
