"""One article in many markups: whatever the tags, a reader sees the same page."""

from newsarchive.sample.markups.choices import Markup, random_markup
from newsarchive.sample.markups.page import RenderedPage, render_article

__all__ = ["Markup", "RenderedPage", "random_markup", "render_article"]
