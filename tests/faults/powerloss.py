"""What a disk may hold after a power loss, worked out from every call that was made on it.

The model is stricter than any file system: what was synced is there; of the rest each 512-byte or 4-KiB piece of a
write is there or not, a file's length follows from its pieces, and of a folder's unsynced changes (names made, renamed,
removed) some first ones are there. A new file's name needs its folder's sync, and so does a new folder's. A rename into
another folder lasts once either is synced; before that the old name may still be there, besides the new one.
"""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR, PAGE = 512, 4096
NEVER_SYNCED = "-shm"
"""SQLite's shared memory: made again from the write-ahead log after any crash, so never part of a state."""

_UNNAMED = re.compile(r"/#\d+( \(deleted\))?$")
"""A temporary file that never has a name, by which strace calls it; no power loss leaves anything of it."""

_LINE = re.compile(r"(\d+) +(\w+)\((.*)\) += (-?\d+)")
_UNFINISHED = re.compile(r"(\d+) +(\w+\(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(\d+) +<\.\.\. \w+ resumed>(.*)$")
_HANDLE = re.compile(r"(\d+)<((?:\\x[0-9a-f]{2})+)>")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """One call that changed the disk, or made a change lasting."""

    name: str
    path: str
    """Below the root; the old name of a rename."""
    data: bytes = b""
    offset: int | None = None
    """Where `data` goes; None: at the end."""
    other: str = ""
    """The new name of a rename."""
    length: int = 0
    """Of a cut."""


@dataclass(slots=True)
class Inode:
    """A file's content: what is on the disk for certain, and what may be."""

    lasting: bytearray = field(default_factory=bytearray)
    pending: list[Call] = field(default_factory=list)
    length: int = 0
    """As the process sees it."""

    def sync(self) -> None:
        for call in self.pending:
            _apply(self.lasting, call)
        self.pending.clear()

    def after_loss(self, dice: random.Random) -> bytes:
        """Return what the file may hold."""
        content = bytearray(self.lasting)
        share = dice.choice((0.0, 0.5, 0.9, 1.0))
        piece = dice.choice((SECTOR, PAGE))
        for call in self.pending:
            if call.name == "ftruncate":
                if dice.random() < share:
                    _apply(content, call)
                continue
            for at in range(0, len(call.data), piece):
                if dice.random() < share:
                    part = Call("write", call.path, call.data[at : at + piece], (call.offset or 0) + at)
                    _apply(content, part)
        return bytes(content)


@dataclass(slots=True)
class Folder:
    """A folder's names: those on the disk for certain, and changes that may be."""

    lasting: dict[str, "Inode | Folder"] = field(default_factory=dict)
    pending: list[tuple[str, str, "Inode | Folder | None"]] = field(default_factory=list)
    """Name that goes, name that comes, and what comes."""
    now: dict[str, "Inode | Folder"] = field(default_factory=dict)
    """As the process sees it."""
    left: list[tuple[str, "Folder"]] = field(default_factory=list)
    """Names that went to another folder since the last sync, and to which."""

    def move(self, name: str, other: "Folder", new: str) -> None:
        """Rename `name` into another folder."""
        other.change("", new, self.now.pop(name))
        self.left.append((name, other))

    def change(self, gone: str, come: str, what: "Inode | Folder | None") -> None:
        self.pending.append((gone, come, what))
        _rename(self.now, gone, come, what)

    def sync(self) -> None:
        for gone, come, what in self.pending:
            _rename(self.lasting, gone, come, what)
        self.pending.clear()
        left = list(self.left)
        self.left.clear()
        for name, other in left:
            if name not in self.now:
                self.lasting.pop(name, None)
            other.sync()

    def after_loss(self, dice: random.Random) -> dict[str, "Inode | Folder"]:
        """Return the names that may be there."""
        names = dict(self.lasting)
        for gone, come, what in self.pending[: dice.choice((0, dice.randint(0, len(self.pending)), len(self.pending)))]:
            _rename(names, gone, come, what)
        return names


class Disk:
    """Everything below one root, which is there for certain."""

    def __init__(self) -> None:
        self.root = Folder()

    def apply(self, call: Call) -> None:
        """Take a call into account."""
        folder, name = self._place(call.path)
        if call.name == "create":
            if name not in folder.now:
                folder.change("", name, Inode())
        elif call.name == "mkdir":
            folder.change("", name, Folder())
        elif call.name == "unlink":
            folder.change(name, "", None)
        elif call.name == "rename":
            other, new = self._place(call.other)
            if other is folder:
                folder.change(name, new, folder.now[name])
            else:
                folder.move(name, other, new)
        elif call.name == "sync":
            (folder.now[name] if name else folder).sync()
        else:
            inode = folder.now[name]
            assert isinstance(inode, Inode)
            offset = inode.length if call.offset is None else call.offset
            inode.pending.append(Call(call.name, call.path, call.data, offset, length=call.length))
            ends = call.length if call.name == "ftruncate" else max(inode.length, offset + len(call.data))
            inode.length = ends

    def lose_power(self, target: Path, dice: random.Random) -> None:
        """Write to the empty folder `target` what may be left."""
        _write_out(self.root, target, dice)

    def _place(self, path: str) -> tuple[Folder, str]:
        *above, name = path.split("/")
        folder = self.root
        for part in above:
            found = folder.now[part]
            assert isinstance(found, Folder)
            folder = found
        return folder, name


def calls_of(log: Path, root: Path) -> Iterator[Call]:
    """Yield the calls of an strace log on what lies below `root`, in the order in which they were begun."""
    opened: dict[str, str] = {}
    """Where the next write of a handle goes; None at the end."""
    for name, arguments, result in _completed(log):
        if int(result) < 0:
            continue
        strings = [bytes.fromhex(text.replace("\\x", "")) for text in _STRING.findall(arguments)]
        handle = _HANDLE.match(arguments)
        if name == "openat":
            path = _below(strings[0].decode(), root)
            if path is not None and "O_CREAT" in arguments:
                opened[result] = "append" if "O_APPEND" in arguments else "0"
                yield Call("create", path)
                if "O_TRUNC" in arguments:
                    yield Call("ftruncate", path, length=0)
        elif name == "close" and handle:
            opened.pop(handle[1], None)
        elif name in {"mkdir", "unlink", "rename"}:
            path = _below(strings[0].decode(), root)
            if path is not None:
                yield Call(name, path, other=(_below(strings[1].decode(), root) or "") if name == "rename" else "")
        elif handle and (path := _below(bytes.fromhex(handle[2].replace("\\x", "")).decode(), root)) is not None:
            yield from _on_handle(name, path, handle[1], strings, arguments, int(result), opened)


def _on_handle(  # noqa: PLR0913, PLR0917 - the parts of one line
    name: str, path: str, handle: str, strings: list[bytes], arguments: str, result: int, opened: dict[str, str]
) -> Iterator[Call]:
    if path.endswith(NEVER_SYNCED):
        return
    if name in {"fsync", "fdatasync"}:
        yield Call("sync", path)
    elif name == "ftruncate":
        yield Call("ftruncate", path, length=int(arguments.rpartition(", ")[2]))
    elif name == "pwrite64":
        yield Call("write", path, strings[0][:result], int(arguments.rpartition(", ")[2]))
    elif name == "write":
        where = opened.get(handle, "append")
        yield Call("write", path, strings[0][:result], None if where == "append" else int(where))
        if where != "append":
            opened[handle] = str(int(where) + result)


def _completed(log: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, arguments and result of each call; one that was interrupted in the log stands where it ended."""
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for line in lines:
            text = line.rstrip("\n")
            if unfinished := _UNFINISHED.match(text):
                begun[unfinished[1]] = unfinished[2]
                continue
            if resumed := _RESUMED.match(text):
                text = f"{resumed[1]} {begun.pop(resumed[1], '')}{resumed[2]}"
            if match := _LINE.match(text):
                yield match[2], match[3], match[4]


def _below(path: str, root: Path) -> str | None:
    prefix = f"{root}/"
    if path == str(root):
        return ""
    if _UNNAMED.search(path):
        return None
    return path.removeprefix(prefix) if path.startswith(prefix) and not path.endswith(NEVER_SYNCED) else None


def _apply(content: bytearray, call: Call) -> None:
    if call.name == "ftruncate":
        del content[call.length :]
        content.extend(bytes(call.length - len(content)))
        return
    offset = call.offset or 0
    content.extend(bytes(max(0, offset - len(content))))
    content[offset : offset + len(call.data)] = call.data


def _rename(names: dict[str, Inode | Folder], gone: str, come: str, what: Inode | Folder | None) -> None:
    names.pop(gone, None)
    if what is not None:
        names[come] = what


def _write_out(folder: Folder, target: Path, dice: random.Random) -> None:
    for name, what in folder.after_loss(dice).items():
        if isinstance(what, Folder):
            (target / name).mkdir()
            _write_out(what, target / name, dice)
        else:
            (target / name).write_bytes(what.after_loss(dice))


def disk_after(calls: Iterable[Call]) -> Disk:
    """Return the disk after `calls`, power still on."""
    disk = Disk()
    for call in calls:
        disk.apply(call)
    return disk
