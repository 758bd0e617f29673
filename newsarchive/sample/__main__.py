"""Serve the sample site until interrupted: `python -m newsarchive.sample --port 8000`."""

import argparse
import contextlib

from newsarchive.sample import SampleServer, sample_site


def main() -> None:
    """Parse the options, say the address on one line, and serve."""
    parser = argparse.ArgumentParser(prog="python -m newsarchive.sample", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--articles", type=int, default=120, help="how many articles (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2026, help="seed of everything (default: %(default)s)")
    parser.add_argument("--reshuffle", action="store_true", help="side lists differ on every request")
    parser.add_argument("--crawl-delay", type=float, default=0, help="Crawl-delay in robots.txt, in seconds")
    options = parser.parse_args()
    site = sample_site(options.articles, options.seed)
    server = SampleServer(
        site,
        port=options.port,
        reshuffle=options.reshuffle,
        crawl_delay_seconds=options.crawl_delay,
        record=False,
    )
    with contextlib.suppress(KeyboardInterrupt), server:
        print(server.base_url, flush=True)  # noqa: T201 - the one line that callers read
        server.wait()


if __name__ == "__main__":
    main()
