"""Why an entry, or a whole archive, is not unpacked: the message is one of the sentences of `collect.messages`."""


class EntryRefusedError(Exception):
    """Costs the entry."""


class ArchiveRefusedError(Exception):
    """Costs the archive and all that is in it."""
