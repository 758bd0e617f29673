"""What all parts of a page share while it is rendered: class names, links, escaping."""

import posixpath
from dataclasses import dataclass, field
from html import escape
from random import Random
from urllib.parse import urlsplit

from newsarchive.sample.markups.choices import Frame, Hrefs, Markup

_SYLLABLES = ("ba", "nt", "col", "xw", "zw", "k", "main", "con", "lm", "box", "r2", "tt", "wz", "s-", "u_", "v9", "nr")


@dataclass(slots=True)
class Template:
    """The means of rendering one page at `url` in one markup; its chance is the markup's, so it repeats itself."""

    markup: Markup
    url: str
    rng: Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = Random(self.markup.noise)  # noqa: S311 - class names, no secret

    def box(self, content: str, name: str = "") -> str:
        """Return `content` in a box; in a soup with a random class and up to three boxes around it."""
        if self.markup.frame is not Frame.SOUP:
            return f"<div{self._class(name)}>{content}</div>\n"
        depth = self.rng.randint(1, 3)
        opened = "".join(f'<div class="{self._random_name()}">' for _ in range(depth))
        return f"{opened}{content}{'</div>' * depth}\n"

    def href(self, url: str) -> str:
        """Return `url` as this template spells links, ready for an attribute."""
        target, here = urlsplit(url), urlsplit(self.url)
        if self.markup.hrefs is Hrefs.ABSOLUTE or target.netloc != here.netloc:
            return escape(url)
        tail = f"?{target.query}" if target.query else ""
        if self.markup.hrefs is Hrefs.ROOT:
            return escape((target.path or "/") + tail)
        relative = posixpath.relpath(target.path or "/", posixpath.dirname(here.path) or "/")
        return escape(relative + ("/" if target.path.endswith("/") else "") + tail)

    def link(self, url: str, text: str, *, full: str | None = None) -> str:
        """Return a link; `full` goes into the `title` attribute."""
        title = f' title="{escape(full)}"' if full is not None else ""
        return f'<a href="{self.href(url)}"{title}>{escape(text, quote=False)}</a>'

    def clutter(self) -> str:
        """Return what no reader sees, where this template has it."""
        if not self.markup.scripts:
            return ""
        return self.rng.choice(
            (
                "<script>var hits = 0; document.title;</script>\n",
                '<style>.zw p { text-indent: 2em; } a:after { content: "来源：样式"; }</style>\n',
                "<!-- 日期：1999-01-01 来源：旧模板 -->\n",
                '<input type="hidden" name="title" value="隐藏的标题">\n',
            )
        )

    def _class(self, name: str) -> str:
        return f' class="{name}"' if name else ""

    def _random_name(self) -> str:
        return "".join(self.rng.choices(_SYLLABLES, k=self.rng.randint(1, 3)))


def text(value: str) -> str:
    """Return `value` ready to stand between tags."""
    return escape(value, quote=False)
