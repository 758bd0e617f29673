"""The body of an article in one markup."""

from newsarchive.records.article import (
    Attachment,
    Block,
    Footnote,
    Heading,
    Image,
    ItemList,
    Paragraph,
    Quote,
    Table,
)
from newsarchive.sample.markups.choices import Headings, Paragraphs
from newsarchive.sample.markups.template import Template, text

_INDENT = "\u3000\u3000"


def render_body(template: Template, blocks: tuple[Block, ...], attachments: tuple[Attachment, ...]) -> str:
    """Return the blocks, then each attachment as a paragraph of its own."""
    shown = [_block(template, block) for block in blocks]
    shown += [_paragraph(template, template.link(file.url, file.title)) for file in attachments]
    return "\n".join(shown)


def _block(template: Template, block: Block) -> str:  # noqa: PLR0911 - one for each kind
    match block:
        case Paragraph():
            return _paragraph(template, _prose(template, block.text), indented=template.markup.indented)
        case Heading():
            return _heading(template, block)
        case Image():
            return _image(template, block)
        case ItemList():
            return _list(template, block)
        case Table():
            rows = "\n".join("<tr>" + "".join(f"<td>{text(cell)}</td>" for cell in row) + "</tr>" for row in block.rows)
            return f'<table border="1" cellspacing="0">\n{rows}\n</table>'
        case Quote():
            return f"<blockquote>{text(block.text)}</blockquote>"
        case Footnote():
            return _paragraph(template, text(block.text))


def _paragraph(template: Template, html: str, *, indented: bool = False) -> str:
    html = _INDENT + html if indented else html
    match template.markup.paragraphs:
        case Paragraphs.P:
            return f"<p>{html}</p>"
        case Paragraphs.BREAKS:
            return f"{html}<br><br>"
        case Paragraphs.UNCLOSED:
            return f"<p>{html}"
        case Paragraphs.BOXES:
            return f"<div>{html}</div>"
        case Paragraphs.SPACED:
            return f"<p>{html}</p>\n<p>&nbsp;</p>"
        case Paragraphs.PASTED:
            style = "font-family:宋体;font-size:12.0pt;line-height:150%"
            return f'<p class="MsoNormal" style="text-indent:24.0pt"><span style="{style}">{html}</span></p>'


def _prose(template: Template, words: str) -> str:
    """Return the text of a paragraph; pasted text is torn into spans, as word processors leave it."""
    if template.markup.paragraphs is not Paragraphs.PASTED or len(words) < 2:  # noqa: PLR2004 - nothing to tear
        return text(words)
    at = template.rng.randint(1, len(words) - 1)
    return f'<span lang="EN-US">{text(words[:at])}</span><font face="仿宋">{text(words[at:])}</font>'


def _heading(template: Template, block: Heading) -> str:
    match template.markup.headings:
        case Headings.TAGS:
            return f"<h{block.level}>{text(block.text)}</h{block.level}>"
        case Headings.BOLD:
            return _paragraph(template, f"<strong>{text(block.text)}</strong>")
        case Headings.PLAIN:
            return _paragraph(template, text(block.text))


def _image(template: Template, block: Image) -> str:
    caption = text(block.text) if block.text else ""
    image = f'<img src="{template.href(block.url)}" alt="{caption}">'
    if template.markup.paragraphs is Paragraphs.P and caption:
        return f"<figure>{image}<figcaption>{caption}</figcaption></figure>"
    return _paragraph(template, image)


def _list(template: Template, block: ItemList) -> str:
    tag = "ol" if block.ordered else "ul"
    end = "" if template.markup.paragraphs is Paragraphs.UNCLOSED else "</li>"
    items = "\n".join(f"<li>{text(item)}{end}" for item in block.items)
    return f"<{tag}>\n{items}\n</{tag}>"
