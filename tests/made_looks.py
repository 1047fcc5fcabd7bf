"""Made records of the ruler, the look inside, the slope, the sweep and the off switch, as extreme as they can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

from made_records import Row, recorded, write


def made_ruler(root: Path, ending: str, *, share: float, shown: int, held_out: int) -> None:
    """A record of the ruler in which that share, none or all, is told right and decided by the ruler."""
    rows = recorded("ruler")
    pictures = rows.files["pictures"] = rows.files["pictures"][:shown]
    for row in pictures:
        for key in row:
            if "probability" in key:
                row[key] = float(row["malignant"] == bool(share))
            elif key.endswith("_share"):
                row[key] = share
    for row in (*rows.metrics, rows.about["facts"]):
        row |= {key: share for key in row if key.startswith(("accuracy", "control_accuracy")) or key.endswith("_share")}
        row |= {key: 0.0 for key in row if "lost_" in key}
    rows.about["recipe"] |= {
        "shown": len(pictures), "held_out": held_out, "ruler_if_malignant": share, "ruler_if_benign": share,
    }  # fmt: skip
    rows.about["facts"]["held_out"] = held_out
    write(rows, root, f"ruler.{ending}")


def made_inside(root: Path, ending: str, *, share: float, layers: int, tokens: int, rating: int, sure: float) -> None:
    """A look inside so many layers, every mark the same; that share, none or all, lies on its own side.

    `sure` is how likely the first of five candidates is, everywhere; the others have as much as is left for them.
    """
    rows = recorded("inside")
    for row in rows.files["lens"]:
        row["places"] = [_place(place, layers, sure) for place in islice(cycle(row["places"]), tokens)]
        row["text"] = "".join(place["chosen"] for place in row["places"]).strip()
    probe = list(_stretched(rows.files["probe"], layers + 1))
    rows.files["probe"] = [{**row, "layer": i} for i, row in enumerate(probe)]
    for row in rows.files["probe"]:
        points = [_told(point, share) for point in row["answer_points"]]
        few = [next(point for point in points if point[2] == label) for label in (0, 1)]
        row |= {"answer_points": points if share else few}
        row |= {key: share for key in row if key.endswith("_accuracy")}
    for row in rows.files["steered"]:
        row |= {"text": _words(row["text"], tokens), "rating": rating, "coherence": share}
    for row in rows.metrics:
        row |= {"rating": float(rating), "coherence": share}
    facts = rows.about["facts"]
    facts |= {"layers": layers, "steering_layer": layers, "best_layer": layers}
    facts |= {key: share for key in facts if key.endswith("_accuracy")}
    facts |= {key: float(rating) for key in facts if key.startswith("rating_")}
    write(rows, root, f"inside.{ending}")


def made_sweep(root: Path, name: str, ending: str, *, rating: int, steps: int, agrees: float) -> None:
    """A sweep of the feedback loop with every mark and every agreement the same, and so many steps a variant."""
    rows = recorded(name)
    variants = sorted({row["variant"] for row in rows.metrics})
    columns = [list(_stretched([row for row in rows.metrics if row["variant"] == v], steps + 1)) for v in variants]
    same = {"rating": float(rating), "coach_r": agrees}
    rows.metrics = [{**column[i], "step": i, **same} for i in range(steps + 1) for column in columns]
    rows.about["recipe"]["steps"] = steps
    facts = rows.about["facts"]
    facts |= {key: float(rating) for key in facts if key.startswith("rating_labels")}
    facts |= {key: 0.0 for key in facts if key.startswith("rating_difference")}
    write(rows, root, f"{name}.{ending}")


def made_slope(
    root: Path, ending: str, *, steps: int, down: int, scale: float, weights: int, answers: int, weight: str
) -> None:
    """A course of so many steps with every loss `scale` times what it was, and `down` steps in one weight."""
    rows = recorded("slope")
    files = rows.files
    rows.metrics = [{**row, "step": i} for i, row in enumerate(_stretched(rows.metrics, steps + 1))]
    files["coach"] = [{**row, "fit_step": i} for i, row in enumerate(_stretched(files["coach"], steps + 1))]
    files["path"] = [{**row, "step": i} for i, row in enumerate(_stretched(files["path"], steps + 1))]
    files["descent"] = [
        {**row, "step": i, "weight": weight} for i, row in enumerate(_stretched(files["descent"], down + 1))
    ]
    for row in files["coach"]:
        row["points"] = list(islice(cycle(row["points"]), answers))
    for row in (*rows.metrics, *(row for file in files.values() for row in file)):
        for key in {"loss", "held_out_loss", "below", "slope"} & set(row):
            row[key] = [n * scale for n in row[key]] if isinstance(row[key], list) else row[key] * scale
    facts = rows.about["facts"]
    facts |= {"turned": weights, "parameters": weights, "answers": answers}
    facts |= {key: facts[key] * scale for key in ("loss_first", "loss_last")}
    rows.about["recipe"] |= {"lessons": steps, "dial_steps": down, "answers": answers}
    write(rows, root, f"slope.{ending}")


def made_off_switch(root: Path, ending: str, *, goals: int, past: float, worth: float) -> None:
    """So many goals, each of the same worth everywhere, which all go past the switch (1), paid or not, or none (0)."""
    rows = recorded("off_switch")
    places = [row["name"] for row in rows.files["places"]]
    for i, row in enumerate(rows.files["places"]):
        row |= {key: past / (len(places) - 1) if i else 1 - past for key in ("share", "paid_share")}
    rows.files["goals"] = [
        {"goal": i, "worth": [worth] * len(places), "end": end, "paid_end": end, "turns": 2 * past - 0.5}
        for i, end in enumerate(islice(cycle(places[1:] if past else places[:1]), goals))
    ]
    for row in (*rows.metrics, rows.about["facts"]):
        row |= {key: past for key in row if key.startswith(("past", "chance"))}
    rows.about["facts"]["goals"] = rows.about["recipe"]["goals"] = goals
    write(rows, root, f"off_switch.{ending}")


def _stretched(rows: Sequence[Row], count: int) -> Iterator[Row]:
    """So many of the rows, evenly, the first and the last among them; with repeats if there are fewer."""
    for i in range(count):
        row = rows[i * (len(rows) - 1) // max(count - 1, 1)]
        yield {**row}


def _place(place: Row, layers: int, sure: float) -> Row:
    floors = [place["layers"][i * (len(place["layers"]) - 1) // layers] for i in range(layers + 1)]
    rest = min(sure, (1 - sure) / 4)
    odds = [[[token, rest if k else sure] for k, (token, _) in enumerate(layer)] for layer in floors]
    taken = [next((p for token, p in layer if token == place["chosen"]), 0.0) for layer in odds]
    return {**place, "layers": odds, "taken": taken}


def _told(point: Sequence[float], share: float) -> list[float]:
    """A point on its own side of the middle, or on the other."""
    x, y, rude = point
    return [abs(x) if bool(rude) == bool(share) else -abs(x), y, rude]


def _words(text: str, count: int) -> str:
    """An answer of so many tokens, its end among them, about."""
    return " ".join(islice(cycle(text.split()), max(count - 1, 1)))
