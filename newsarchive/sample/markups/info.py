"""The line under the title: labels and their values."""

from newsarchive.sample.markups.choices import InfoLine
from newsarchive.sample.markups.template import Template, text
from newsarchive.sample.shown import ShownArticle

CLICKS_PLACEHOLDER = "..."
"""What the counter shows until a script fills it."""


def render_info(template: Template, article: ShownArticle) -> str:
    """Return the info line; date, source and clicks always have their label, with or without a value."""
    pairs = [(label, _linked(template, name, value)) for name, label, value in info_values(template, article)]
    colon = template.markup.colon
    separator = template.markup.separator
    match template.markup.info:
        case InfoLine.TEXT:
            return template.box(separator.join(f"{label}{colon}{value}" for label, value in pairs), "info")
        case InfoLine.SPANS:
            spans = (f"<span>{label}{colon}{value}</span>" for label, value in pairs)
            return template.box(separator.join(spans), "info")
        case InfoLine.PAIRS:
            shown = (f"<label>{label}{colon}</label><em>{value}</em>" for label, value in pairs)
            return f"<p>{separator.join(shown)}</p>\n"
        case InfoLine.ITEMS:
            items = "".join(f"<li>{label}{colon}{value}</li>\n" for label, value in pairs)
            return f"<ul>{items}</ul>\n"
        case InfoLine.CELLS:
            cells = "".join(f"<td>{label}{colon}{value}</td>" for label, value in pairs)
            return f'<table width="100%"><tr>{cells}</tr></table>\n'
        case InfoLine.BOXES:
            return template.box("".join(f"<div>{label}{colon}{value}</div>" for label, value in pairs), "info")


def info_values(template: Template, article: ShownArticle) -> list[tuple[str, str, str]]:
    """Return field, label and value in the order of the markup; labels of people only where somebody is named."""
    date_label, source_label, clicks_label = template.markup.labels.split()
    clicks = CLICKS_PLACEHOLDER if article.clicks is None else str(article.clicks)
    values = {
        "date": (date_label, _date(template, article)),
        "source": (source_label, article.source or ""),
        "author": ("作者", article.author or ""),
        "editor": ("责任编辑", " ".join(article.roles.editor)),
        "photographer": ("摄影", " ".join(article.roles.photographer)),
        "clicks": (clicks_label, clicks),
    }
    always = {"date", "source", "clicks"}
    return [(name, *values[name]) for name in template.markup.order.split() if name in always or values[name][1]]


def _date(template: Template, article: ShownArticle) -> str:
    shown = article.published_at or article.date
    if shown is None:
        return ""
    day = shown.strftime(template.markup.dates)
    return f"{day} {article.published_at:%H:%M}" if article.published_at else day


def _linked(template: Template, name: str, value: str) -> str:
    if name == "source" and value and template.markup.linked_source:
        return f'<a href="http://www.elsewhere.test/" target="_blank">{text(value)}</a>'
    return text(value)
