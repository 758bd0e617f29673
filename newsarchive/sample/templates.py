"""The templates that the sample site serves its articles in, one after the other."""

from newsarchive.sample.markups.choices import (
    Charset,
    Colon,
    DateForm,
    Frame,
    Headings,
    Hrefs,
    InfoLine,
    InfoOrder,
    Labels,
    Markup,
    Paragraphs,
    Separator,
    Side,
    SideLists,
)

TEMPLATES = (
    Markup(),
    Markup(
        frame=Frame.TABLE, paragraphs=Paragraphs.BREAKS, info=InfoLine.TEXT, colon=Colon.ASCII_SPACE,
        lists=SideLists.TABLE, headings=Headings.PLAIN, charset=Charset.GB18030, indented=True, noise=1,
    ),
    Markup(
        frame=Frame.SOUP, paragraphs=Paragraphs.SPACED, info=InfoLine.TEXT, colon=Colon.ASCII_SPACE,
        headings=Headings.PLAIN, scripts=True, noise=2,
    ),
    Markup(
        frame=Frame.SOUP, paragraphs=Paragraphs.UNCLOSED, side=Side.BEFORE, lists=SideLists.UL,
        labels=Labels.PUBLISHED, headings=Headings.BOLD, hrefs=Hrefs.RELATIVE, cut_titles=True, noise=3,
    ),
    Markup(
        paragraphs=Paragraphs.PASTED, info=InfoLine.PAIRS, separator=Separator.SPACES, order=InfoOrder.SOURCE_FIRST,
        lists=SideLists.DL, headings=Headings.BOLD, indented=True, noise=4,
    ),
    Markup(
        frame=Frame.TABLE, info=InfoLine.CELLS, colon=Colon.ASCII, side=Side.BEFORE, lists=SideLists.BREAKS,
        dates=DateForm.WORDS, charset=Charset.GB18030, cut_titles=True, noise=5,
    ),
    Markup(
        frame=Frame.SOUP, paragraphs=Paragraphs.BOXES, info=InfoLine.ITEMS, labels=Labels.LONG,
        hrefs=Hrefs.ABSOLUTE, headings=Headings.BOLD, site_title=True, linked_source=True, noise=6,
    ),
    Markup(
        paragraphs=Paragraphs.UNCLOSED, info=InfoLine.TEXT, separator=Separator.BAR, labels=Labels.SHORT,
        lists=SideLists.UL, dates=DateForm.SLASHES, cut_titles=True, early_end=True, noise=7,
    ),
)  # fmt: skip
"""A page's template follows from its number, so neighbours differ."""

REDESIGN = Markup(
    frame=Frame.SOUP, info=InfoLine.BOXES, paragraphs=Paragraphs.BOXES, lists=SideLists.UL, headings=Headings.BOLD,
    noise=11,
)  # fmt: skip
"""The template of the site after its redesign, the same for every page."""
