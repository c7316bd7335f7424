"""The one error tree. Every error knows the HTTP status that says whose fault it is (contract, section 4)."""

from typing import Any


class MainControllerError(Exception):
    """Base of all errors that an operator or a script may read; the text names what went wrong.

    ``code`` says the same in one word that stays as it is, and ``params`` are the words and numbers of the text.
    """

    status = 500
    code = "internal_error"

    def __init__(self, message: str, code: str | None = None, **params: Any) -> None:
        super().__init__(message)
        self.code = code or self.code
        self.params = params

    def as_answer(self, text: str | None = None) -> dict[str, Any]:
        """The body of an answer; ``text`` in place of its own."""
        params = {name: _sendable(value) for name, value in self.params.items()}
        return {"error": str(self) if text is None else text, "code": self.code, "params": params}


def _sendable(value: Any) -> Any:
    """A text without what UTF-8 cannot say, such as half of a pair of surrogates from a query."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


class SettingsError(MainControllerError):
    """A setting is wrong or the program cannot start; the text is one line."""


class BadRequestError(MainControllerError):
    """A parameter is missing, malformed or not allowed."""

    status = 400
    code = "bad_request"


class ForbiddenError(MainControllerError):
    """A browser's request that our own page did not make."""

    status = 403
    code = "forbidden"


class NotFoundError(MainControllerError):
    """A node, a section of it, a route or a file that does not exist."""

    status = 404
    code = "not_found"


class MethodNotAllowedError(MainControllerError):
    """The route exists, but not for this method; ``allow`` is the value of the Allow header."""

    status = 405
    code = "method_not_allowed"

    def __init__(self, message: str, allow: str) -> None:
        super().__init__(message, allow=allow)
        self.allow = allow


class ConflictError(MainControllerError):
    """The command is refused in this state; nothing was sent."""

    status = 409
    code = "conflict"


class NotOurHostError(MainControllerError):
    """The request was meant for another host."""

    status = 421
    code = "not_our_host"


class StorageError(MainControllerError):
    """The folder of the schedules cannot be written or read; nothing was changed."""

    code = "storage_failed"


class BusyError(MainControllerError):
    """Too many requests already wait for a neighbour."""

    status = 503
    code = "busy"


class NeighbourError(MainControllerError):
    """A neighbour did not do what it was asked.

    ``sent`` tells whether the request may have reached it: if not, nothing can have taken effect. ``what`` says in one
    word what went wrong, ``params`` are its names and numbers: ``who``, and what it ``said``.
    """

    def __init__(self, message: str, *, sent: bool, what: str = "", **params: Any) -> None:
        super().__init__(message, sent=sent, **({"what": what} if what else {}), **params)
        self.sent = sent

    def anew(self) -> "NeighbourError":
        """The same error without its traceback, which holds the whole answer and grows with every raise."""
        copy = type(self)(str(self), sent=self.sent)
        copy.code, copy.params = self.code, self.params
        return copy


class NeighbourFailedError(NeighbourError):
    """A neighbour answered wrongly, refused, or could not be reached."""

    status = 502
    code = "neighbour_failed"


class AddressNotAllowedError(NeighbourFailedError):
    """A node tells an address that is none, or outside the networks of devices; nothing was sent."""

    code = "address_not_allowed"


class NeighbourRefusedError(NeighbourFailedError):
    """A neighbour understood and refused; the text holds its words. Nothing took effect."""

    code = "neighbour_refused"


class NeighbourLateError(NeighbourError):
    """A neighbour did not answer in time."""

    status = 504
    code = "neighbour_late"
