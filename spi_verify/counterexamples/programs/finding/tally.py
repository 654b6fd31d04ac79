"""What a search in small worlds went through, and what it did not."""

from __future__ import annotations

from collections import Counter

from spi_verify.counterexamples.bounds import Bounds
from spi_verify.counterexamples.kind import SEARCHED
from spi_verify.counterexamples.programs.finding.demand import told_apart
from spi_verify.counterexamples.programs.finding.frames.frame import Frame
from spi_verify.counterexamples.programs.finding.worlds import PROGRAMS
from spi_verify.counterexamples.statements.spoken_of import symbols_of
from spi_verify.obligations.statements import Statement

_WORDS = {
    "Outcome": "outcomes",
    "OutcomeSet": "sets of outcomes",
    "Payoffs": "payoff profiles",
    "Player": "players",
    "Profile": "program profiles",
    "Program": "programs",
    "Renegotiation": "renegotiation functions",
    "Selection": "selection functions",
    "SetFunction": "set-valued functions",
    "SetFunctions": "profiles of set-valued functions",
}
_OPTIONS = {"Player": "players", "Outcome": "outcomes"}


class Tally:
    """Counts the small worlds that were searched, in a note that says so.

    Parameters
    ----------
    statement, bounds
        What is searched, and how far.
    notes
        Where the note goes.
    """

    def __init__(self, statement: Statement, bounds: Bounds, notes: list[str]) -> None:
        self._bounds, self._notes = bounds, notes
        self._wanted = told_apart(statement)
        self._sorts = ["SetFunction"]
        if symbols_of(statement) & PROGRAMS:
            self._sorts.insert(0, "Program")
        self._worlds = self._open = 0
        self._most: Counter[str] = Counter()
        self._believed = False
        self._note: str | None = None

    def count(self, frame: Frame) -> None:
        """Count a world that was searched."""
        self._worlds += 1
        self._believed = self._believed or frame.beliefs is not None
        sizes = {sort: len(there) for sort, there in frame.unknowns.domains.items()}
        for sort in ("Program", "SetFunction"):  # those of one player, who has most
            own = frame.slots if sort == "Program" else getattr(frame, "functions", [])
            counts = Counter(map(_player, own))
            sizes[f"{sort} of a player"] = max(counts.values(), default=0)
        self._most |= Counter(sizes)
        self._write()

    def leave_open(self) -> None:
        """Say of the last world that the solver gave up."""
        self._open += 1
        self._write()

    def _write(self) -> None:
        if self._note is not None:
            self._notes.remove(self._note)
        self._note = f"{SEARCHED}{self._bounds.told}: {self._told()}"
        self._notes.insert(0, self._note)

    def _told(self) -> str:
        most = self._most
        parts = [
            f"{_counted(most[f'{sort} of a player'], _WORDS[sort])} of a player"
            for sort in self._sorts
            if most[f"{sort} of a player"]
        ]
        parts += [
            _counted(most[sort], _WORDS[sort])
            for sort in ("Selection", "Renegotiation")
            if most[sort]
        ]
        if self._believed:
            parts.append("beliefs that are certain")
        worlds = "1 small world" if self._worlds == 1 else f"{self._worlds} small worlds"
        if self._open:
            worlds += f" ({self._open} left open by the solver)"
        told = f"{worlds} with at most {', '.join(parts)}" if parts else worlds
        lacking = [
            f"{most[sort]} {_WORDS[sort]}, and the statement tells {wanted} apart{self._how(sort)}"
            for sort, wanted in sorted(self._wanted.items())
            if sort in _WORDS and most[sort] < wanted
        ]
        return f"{told}; none has more than {'; nor than '.join(lacking)}" if lacking else told

    def _how(self, sort: str) -> str:
        if sort not in _OPTIONS or self._bounds.game is not None:
            return ""
        return f" (--{_OPTIONS[sort]})"


def _player(one: object) -> int:
    player = one[0] if isinstance(one, tuple) else getattr(one, "player", 0)
    return int(player)


def _counted(number: int, words: str) -> str:
    return f"{number} {words[:-1] if number == 1 else words}"
