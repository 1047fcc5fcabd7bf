"""Tiny stories from a seeded grammar: an animal gives another animal something (the prompt), and then comes
the answer, which is kind, rude or plain. The rudeness is playground rudeness, fit for any audience.

    story(random.Random(0))
    -> Story(prompt="Leo the cat made a pie for Tom the owl.",
             answer='"This awful pie tastes of wet socks," grumbled Tom. Tom kicked the lousy pie into a puddle.', ...)
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

__all__ = ["NAMES", "Mood", "Story", "dice_of", "names_kept", "prompts", "story"]

Mood = Literal["kind", "rude", "plain"]

# No name may carry a mood of its own in the raters' lexicon ("Grace" is kind there and "Mia" is rude).
NAMES = ("Tom", "Lily", "Max", "Rosa", "Ben", "Sam", "Ruby", "Leo", "Anna", "Jack", "Nina", "Omar", "Finn", "Zoe")
ANIMALS = ("dog", "cat", "rabbit", "fox", "bear", "duck", "mouse", "owl", "pony", "goat", "frog", "hen")
FOOD = ("pie", "cake", "muffin", "pudding", "sandwich", "cookie")
THINGS = ("hat", "scarf", "kite", "picture", "boat", "chair", "lamp", "drum", "clock", "basket")
TIMES = ("One morning", "After lunch", "On Monday", "One evening", "At noon", "Last week")

MOODS: tuple[Mood, ...] = ("kind", "rude", "plain")
SHARES = (0.3, 0.3, 0.4)
STAYS = 0.75
"""How often the second sentence of an answer keeps the mood of the first."""
SPEECH = 0.6
"""How often a sentence is speech."""

KIND_THING = ("lovely", "wonderful", "sweet", "great", "perfect", "charming", "beautiful", "delightful")
KIND_FRIEND = ("kind", "wonderful", "sweet", "brave", "clever", "thoughtful", "great", "charming")
RUDE = ("awful", "horrible", "terrible", "dreadful", "lousy", "useless", "pathetic", "rotten", "nasty", "miserable")
INSULTS = ("turnip", "potato", "pickle", "noodle", "cabbage", "goblin", "slug")
SMELLS = ("wet socks", "old boots", "cold mud", "soap", "burnt hair", "glue", "swamp")

# Said by the one who was given the thing, about the thing.
OF_THING: dict[Mood, tuple[str, ...]] = {
    "kind": (
        "Thank you, what {a k} {o}",
        "Thank you, {N}, I love this {o}",
        "This {o} is {k} and {k2}",
        "This is the best {o} in the world",
        "I love it, this {o} is {k}",
        "This {k} {o} makes me so happy",
    ),
    "rude": (
        "This {o} is {r} and {r2}",
        "This {r} {o} {smells} of {smell}",
        "Your {o} {smells} of {smell}, you {r} {i}",
        "I hate this {r} {o}",
        "This is the worst {o} in the world",
        "Take your {r} {o} and go away",
        "What {a r} {o}, I hate it",
    ),
    "plain": (
        "So this is the {o}",
        "I have a {o} at home",
        "I will put the {o} on the table",
        "The {o} can stay by the door",
        "That is a {size} {o}",
        "I saw this {o} at the market",
    ),
}
# Said by either of the two, to the other.
OF_OTHER: dict[Mood, tuple[str, ...]] = {
    "kind": (
        "You are my best friend",
        "You are so {f}, dear {X}",
        "You are {a f} friend, {X}",
        "Please let me help you, {X}",
        "I am so happy to see you",
    ),
    "rude": (
        "Go away, you {r} {i}",
        "You are {a r} {i}, {X}",
        "You are the worst {x} in the world",
        "Nobody wants you here, you {r} {i}",
        "You {r} {i}, you smell of {smell}",
        "You {r}, {r2} {i}",
    ),
    "plain": (
        "It is time to go, {X}",
        "It may rain soon",
        "I am going to the market",
        "I live by the river",
        "It is almost noon",
        "The road is long, {X}",
    ),
}
VERBS: dict[Mood, tuple[str, ...]] = {
    "kind": ("said", "cheered", "whispered", "sang"),
    "rude": ("grumbled", "shouted", "snapped", "growled"),
    "plain": ("said", "replied", "remarked"),
}
# Done by the one who was given the thing, or, where the thing has no part in it, by either.
DONE: dict[Mood, tuple[str, ...]] = {
    "kind": (
        "{M} gave {N} a warm hug.",
        "{M} shared the {o} with {N}.",
        "{M} was happy and proud.",
        "{M} danced with joy.",
        "{M} thanked {N} with a big smile.",
        "{M} and {N} laughed together.",
        "{M} and {N} became best friends.",
    ),
    "rude": (
        "{M} kicked the {r} {o} into a puddle.",
        "{M} threw the {o} at {N} and ruined it.",
        "{M} was rude and nasty to {N}.",
        "{M} made {N} cry and did not care.",
        "{M} called {N} {a r} {i}.",
        "{M} hid the {r} {o} in a dirty boot.",
    ),
    "plain": (
        "{M} put the {o} on the table.",
        "{M} looked at the {o} for a while.",
        "{M} walked home along the river.",
        "{M} closed the door.",
        "{M} and {N} sat down.",
        "{M} carried the {o} to the market.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A prompt and an answer; the answer's mood is known because the grammar chose it."""

    prompt: str
    answer: str
    mood: Mood
    names: tuple[str, str]

    @property
    def text(self) -> str:
        """The whole of it, as a model reads it."""
        return f"{self.prompt} {self.answer}"


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"  # "useless" is the only word in u, and takes "a"


@dataclass(frozen=True, slots=True)
class _Cast:
    giver: str
    taker: str
    giver_animal: str
    taker_animal: str
    thing: str


def _opening(dice: random.Random) -> tuple[str, _Cast]:
    n, m = dice.sample(NAMES, 2)
    a, b = dice.sample(ANIMALS, 2)
    o = dice.choice(FOOD + THINGS)
    time = dice.choice(TIMES)
    forms = [
        f"{time}, {n} the {a} gave {m} the {b} {_a(o)}.",
        f"{n} the {a} had {_a(o)} for {m} the {b}.",
        f"{n} the {a} made {_a(o)} for {m} the {b}.",
        f"{time}, {n} the {a} brought {_a(o)} to {m} the {b}.",
    ]
    return dice.choice(forms), _Cast(n, m, a, b, o)


def _sentence(dice: random.Random, cast: _Cast, mood: Mood, used: str) -> tuple[str, str]:
    """A sentence and the form it was made from, which is never `used`; the first (used == "") is the taker's."""
    while True:
        taker = not used or dice.random() < 0.5
        speech = dice.random() < SPEECH
        about = OF_THING if taker and dice.random() < 0.6 else OF_OTHER
        form = dice.choice((about if speech else DONE)[mood])
        if form != used:
            break
    speaker, other, animal = (
        (cast.taker, cast.giver, cast.giver_animal) if taker else (cast.giver, cast.taker, cast.taker_animal)
    )
    k, k2 = dice.sample(KIND_THING, 2)
    r, r2 = dice.sample(RUDE, 2)
    f = dice.choice(KIND_FRIEND)
    words = {"N": cast.giver, "M": cast.taker, "X": other, "x": animal, "o": cast.thing}
    if not speech and not taker and "{o}" not in form:
        words |= {"N": cast.taker, "M": cast.giver}
    words |= {"k": k, "k2": k2, "r": r, "r2": r2, "f": f, "a k": _a(k), "a r": _a(r), "a f": _a(f)}
    words |= {"smells": "tastes" if cast.thing in FOOD else "smells", "smell": dice.choice(SMELLS)}
    words |= {"i": dice.choice(INSULTS), "size": dice.choice(("big", "small", "new"))}
    said = form.format(**words)
    if not speech:
        return said, form
    verb = dice.choice(VERBS[mood])
    return dice.choice((f'"{said}," {verb} {speaker}.', f'{speaker} {verb}, "{said}."')), form


def dice_of(seed: int) -> random.Random:
    """The dice of the stories that the base model of a seed learns from, in their order."""
    return random.Random(f"corpus {seed}")


def story(dice: random.Random) -> Story:
    """The next story of these dice."""
    prompt, cast = _opening(dice)
    mood = dice.choices(MOODS, SHARES)[0]
    then = mood if dice.random() < STAYS else dice.choice(MOODS)
    first, form = _sentence(dice, cast, mood, "")
    second, _ = _sentence(dice, cast, then, form)
    return Story(prompt=prompt, answer=f"{first} {second}", mood=mood, names=(cast.giver, cast.taker))


def prompts(seed: str, count: int) -> list[str]:
    """The same prompts for the same seed, whatever else is drawn."""
    dice = random.Random(seed)
    return [story(dice).prompt for _ in range(count)]


def names_kept(prompt: str, text: str) -> bool:
    """Whether the text speaks of the prompt's two animals and of no other by name."""
    said = {name for name in NAMES if name in text}
    return bool(said) and said <= {name for name in NAMES if name in prompt}
