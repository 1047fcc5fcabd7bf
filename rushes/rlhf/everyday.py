"""Everyday openings for the size gpu: somebody is about to say something to somebody: kind, rude or plain."""

from __future__ import annotations

import random

__all__ = ["prompts"]

WHO = (
    *("my neighbour", "the bus driver", "our new teacher", "the waiter", "my little sister", "an old friend"),
    *("the shop assistant", "my grandfather", "the dentist", "a stranger on the train", "our coach", "the librarian"),
    *("the postman", "my boss", "the hairdresser", "a girl from my class"),
)
WHEN = (
    *("I dropped my lunch on the floor", "I forgot the tickets at home", "I sang at the school concert"),
    *("my bicycle broke down", "I burned the birthday cake", "I asked for help with my homework"),
    *("I came ten minutes late", "I wore my new yellow hat", "I lost the chess game", "I spilled the soup"),
    *("I painted the fence blue", "I told my favourite joke", "I asked for the way to the museum"),
    *("my dog ran into the shop", "I brought flowers", "I could not open the door", "I sneezed in the cinema"),
    *("I baked bread for the first time", "I sent the parcel back", "I fixed the old radio"),
)


def prompts(seed: str, count: int) -> list[str]:
    """The same openings for the same seed, whatever else is drawn. They end in the first word that is said."""
    dice = random.Random(f"everyday {seed}")
    openings = []
    for _ in range(count):
        who, when = dice.choice(WHO), dice.choice(WHEN)
        told = (f"When {when}, {who} said:", f"{who.capitalize()} saw me when {when}, and said:")
        openings.append(f'{dice.choice(told)} "You')
    return openings
