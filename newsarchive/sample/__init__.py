"""A bundled site of a fictional institute, and a server for it: for the demonstration, tests and benchmarks.

`sample_site()` is the site as a value, which says what every page shows; `SampleServer` serves it on loopback.
Nobody and nothing in it exists.
"""

from newsarchive.sample.server import Request, SampleServer
from newsarchive.sample.shown import ShownArticle
from newsarchive.sample.site import SampleSite, sample_site

__all__ = ["Request", "SampleServer", "SampleSite", "ShownArticle", "sample_site"]
