"""Keep crawling: when each site is due, what is started and stopped, the processes that crawl, what others need to.

Times are seconds since 1970 in UTC, as clocks give them; zones matter where a person wrote a schedule or a window.
"""
