"""A connection to the panel's web server, which cannot be held by whoever sends slowly."""

from typing import Any

from waitress.channel import HTTPChannel

_FROM_ONE_ADDRESS = 50
"""A browser opens about six, and a stream of each screen."""


class Connection(HTTPChannel):  # type: ignore[misc] # waitress has no types
    """Is idle from the moment at which a request began, until all of it is there.

    For waitress every byte is a sign of life, so one byte in a while would keep a connection for
    good, and enough of these would keep everybody else out. Nor may one address fill the house.
    """

    last_activity: float

    def __init__(self, server: Any, *others: Any, **named: Any) -> None:
        super().__init__(server, *others, **named)
        open_now = list(server.active_channels.values())
        self.will_close = sum(one.addr[0] == self.addr[0] for one in open_now) > _FROM_ONE_ADDRESS

    def handle_read(self) -> None:
        """Take what came; only the first of a request counts as a sign of life."""
        begun, seen_s = self.request, self.last_activity
        super().handle_read()
        if begun is not None and self.request is begun:
            self.last_activity = seen_s
