"""Writes the table of docs/hostile.md: what was answered, what was wanted, what happened."""

import re
from itertools import groupby
from pathlib import Path

from tests.hostile.crawls import HostileRun, Verdict

BEGIN, END = "<!-- table: written by `make hostile` -->", "<!-- end of the table -->"


def write_table(run: HostileRun, path: Path) -> None:
    """Replace the table in the file at `path`."""
    before, _, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n\n{_measured(run)}\n{_table(run)}\n{END}{after}", encoding="utf-8")


def _measured(run: HostileRun) -> str:
    measured = run.measured
    sentences = (
        f"Of 200 good pages {run.good_stored} stored; exit code {run.ended.code}: hosts without robots.txt are left.",
        f"The main process took at most {measured['rss_mib']:.0f} MiB.",
        f"The event loop stood still for at most {measured['stall_seconds']:.2f} s.",
        f"{measured['listening']:.0f} listening sockets.",
        f"{run.server.logs['canary'].connections} connections to addresses that no site may lead to.",
    )
    return "\n".join(sentences) + "\n"


def _table(run: HostileRun) -> str:
    lines = ["| row | the answer | wanted | what happened | asked for | |", "|---|---|---|---|---|---|"]
    verdicts = [run.verdict(case) for case in run.server.cases if case.wanted != "-"]
    verdicts.sort(key=lambda verdict: (int(verdict.case.row[1:]), _line(verdict)))
    for _, group in groupby(verdicts, key=_line):
        same = list(group)
        lines.append(_line(same[0])[:-1] + f" {'right' if all(one.right for one in same) else 'WRONG'} |")
    return "\n".join(lines) + "\n"


def _line(verdict: Verdict) -> str:
    case = verdict.case
    what = re.sub(r":\d{4,5}\b", ":PORT", case.what)
    wanted = case.wanted.replace(".*", "…").replace("(", "").replace(")", "").replace("|", " or ")
    happened = verdict.happened.replace("|", "\\|")
    return f"| {case.row} | {what} | {wanted} | {happened} | {verdict.asked} × | |"
