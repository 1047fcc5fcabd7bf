"""Which way each coach points in a run: measured from its record, not told."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rushes.record import Record


class Signs(NamedTuple):
    """+1 as designed, -1 turned round."""

    values: int
    coherence: int


def measured(record: Record) -> Signs:
    """Solve total = values * coach - coherence * beta * kl over all recorded steps, and round."""
    beta = float(record.setting("beta"))
    terms = np.column_stack([record.column("coach"), -beta * np.array(record.column("kl"))])
    values, coherence = np.linalg.lstsq(terms, np.array(record.column("total")), rcond=None)[0]
    return Signs(round(values), round(coherence))


def shown(sign: int) -> str:
    """As printed: +1, −1."""
    return f"{sign:+d}".replace("-", "−")
