"""The one error tree. Every error knows the HTTP status that says whose fault it is (contract, section 4)."""


class MainControllerError(Exception):
    """Base of all errors that an operator or a script may read; the text names what went wrong."""

    status = 500


class SettingsError(MainControllerError):
    """A setting is wrong or the program cannot start; the text is one line."""


class BadRequestError(MainControllerError):
    """A parameter is missing, malformed or not allowed."""

    status = 400


class ForbiddenError(MainControllerError):
    """A browser's request that our own page did not make."""

    status = 403


class NotFoundError(MainControllerError):
    """A node, a section of it, a route or a file that does not exist."""

    status = 404


class MethodNotAllowedError(MainControllerError):
    """The route exists, but not for this method; ``allow`` is the value of the Allow header."""

    status = 405

    def __init__(self, message: str, allow: str) -> None:
        super().__init__(message)
        self.allow = allow


class ConflictError(MainControllerError):
    """The command is refused in this state; nothing was sent."""

    status = 409


class NotOurHostError(MainControllerError):
    """The request was meant for another host."""

    status = 421


class StorageError(MainControllerError):
    """The folder of the schedules cannot be written or read; nothing was changed."""


class BusyError(MainControllerError):
    """Too many requests already wait for a neighbour."""

    status = 503


class NeighbourError(MainControllerError):
    """A neighbour did not do what it was asked.

    ``sent`` tells whether the request may have reached it: if not, nothing can have taken effect.
    """

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


class NeighbourFailedError(NeighbourError):
    """A neighbour answered wrongly, refused, or could not be reached."""

    status = 502


class NeighbourRefusedError(NeighbourFailedError):
    """A neighbour understood and refused; the text holds its words. Nothing took effect."""


class NeighbourLateError(NeighbourError):
    """A neighbour did not answer in time."""

    status = 504
