"""Files from the browser: their content alone, counted while it comes in, and held in memory for one visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from shiny import reactive
from shiny.input_handler import input_handlers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse

from n1trial.errors import InputError
from n1trial.files.source import MemoryFile
from n1trial.web.shared.file_field import FileField
from n1trial.web.shared.words import tidy_name

if TYPE_CHECKING:
    from shiny import Session
    from starlette.types import Receive, Scope, Send

PREFIX = "/upload/"
"""Begins the address of every field: then come session and field."""
NAME = "n1trial-name"
"""Header that holds a file's name, percent-encoded."""


class Upload:
    """The file that one visitor has put into one field.

    Attributes
    ----------
    file : reactive.Value of MemoryFile or None
        The last one that came in whole.
    faults : reactive.Value of tuple of str
        Why the last one did not.
    """

    def __init__(self, field: FileField) -> None:
        self.field = field
        self.file = reactive.Value[MemoryFile | None](None, name=f"{field.name} as it came in")
        self.faults = reactive.Value[tuple[str, ...]]((), name=f"faults of {field.name}")
        self._number = 0

    async def take(self, request: Request) -> None:
        """Take a file in, and forget the one before.

        Raises
        ------
        InputError
            If it is too large; the visitor is told as well.
        """
        self._number += 1
        number, name = self._number, tidy_name(unquote(request.headers.get(NAME, "")), self.field.without_name)
        try:
            content = await self._content(request, number)
        except InputError as error:
            faults = tuple(f"{name}: {fault}" for fault in error.faults)
            await self._tell(number, None, faults)
            raise InputError(faults) from None
        await self._tell(number, MemoryFile(name, content), ())

    async def _content(self, request: Request, number: int) -> bytes:
        """Return the bytes of a body, as long as they are few enough and no other file was put into the field."""
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and len(announced) < 20 and int(announced) > self.field.most_bytes:
            raise InputError(self.field.too_large)
        content = bytearray()
        async for chunk in request.stream():
            content += chunk
            if len(content) > self.field.most_bytes:
                raise InputError(self.field.too_large)
            if number != self._number:
                raise InputError("another file was chosen meanwhile")
        return bytes(content)

    async def _tell(self, number: int, file: MemoryFile | None, faults: tuple[str, ...]) -> None:
        if number != self._number:
            return
        async with reactive.lock():
            self.faults.set(faults)
            self.file.set(file)
            await reactive.flush()


class Uploads:
    """The fields of all visitors that take a file, each at an address that its page alone knows."""

    def __init__(self) -> None:
        self._fields: dict[str, Upload] = {}

    def address_of(self, session: Session) -> str:
        """Return the address that the fields of a visitor's page begin with."""
        return f"{PREFIX}{session.root_scope().id}/"

    def open_field(self, session: Session, field: FileField) -> Upload:
        """Take files for a field of a visitor from now on, until the page is closed."""
        upload, address = Upload(field), f"{self.address_of(session)}{session.ns(field.name)}"
        self._fields[address] = upload

        def close() -> None:
            self._fields.pop(address, None)

        session.on_ended(close)
        return upload

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whoever sends a file to the address of a field."""
        status, text = await self._take(Request(scope, receive))
        await PlainTextResponse(text, status)(scope, receive, send)

    async def _take(self, request: Request) -> tuple[int, str]:
        upload = self._fields.get(request.url.path)
        if request.method != "POST":
            return 405, "Only a file can be sent here."
        if upload is None:
            return 404, "The page that this file is for is not open any more."
        try:
            await upload.take(request)
        except ClientDisconnect:
            return 400, "The file did not come in whole."
        except InputError as error:
            return 413, "\n".join(error.faults)
        return 200, ""


def refuse_files_by_path(session: Session) -> None:
    """Let no message of a visitor make Shiny write a file to this machine's disk, or name one on it."""
    for method in ("uploadInit", "uploadEnd"):
        session.set_message_handler(method, None)


@input_handlers.add("shiny.file", force=True)
def _refuse(value: object, name: str, session: Session) -> None:
    """Refuse a message that names a file on this machine."""
