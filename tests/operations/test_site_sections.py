"""Which pages are the sections of a site that nobody has declared."""

from newsarchive.operations.site_sections import PageBeside, sections_of

PATHS = {"/1": ("首页", "新闻"), "/2": ("首页", "新闻"), "/3": ("首页", "学术")}
MENU = {"/": "首页", "/xw/": "新闻", "/xs/": "学术", "/about": "概况", "/more/": ""}


def beside(url: str, name: str, *links: str, is_list: bool = False) -> PageBeside:
    return PageBeside(url, is_list, (name,), frozenset(links))


def test_a_page_is_a_section_if_an_article_that_it_links_to_names_it() -> None:
    found = sections_of([beside("/xw/", "新闻", "/1", "/2")], MENU, PATHS, MENU)
    assert (found.sure, found.perhaps) == ({"/xw/": "新闻"}, {})


def test_a_page_that_no_article_names_is_perhaps_one_unless_its_links_are_on_most_pages() -> None:
    pages = [beside("/about", "概况", "/1"), beside("/xs/", "科研", "/1", "/2"), beside("/more/", "其他", "/1")]
    found = sections_of(pages, {**MENU, "/xs/": "科研"}, PATHS, MENU)
    assert (found.sure, found.perhaps) == ({}, {"/xs/": "科研: perhaps a list, since it links to 1 article"})


def test_a_list_to_which_the_home_page_does_not_lead_is_no_section() -> None:
    assert sections_of([beside("/xw/2", "新闻", "/1", is_list=True)], MENU, PATHS, MENU).sure == {}


def test_what_the_crawl_did_not_come_to_is_named_where_paths_name_it() -> None:
    found = sections_of([], MENU, PATHS, {"/", "/xs/"})
    assert found.perhaps == {"/xw/": "新闻: not looked at; the paths on articles name it"}


def test_without_articles_nothing_is_perhaps_a_section() -> None:
    found = sections_of([beside("/about", "概况", "/x")], MENU, {}, {"/"})
    assert (found.sure, found.perhaps) == ({}, {})
