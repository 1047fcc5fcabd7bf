"""The Megacoach: two coaches, one number."""


def as_reward(cost: float) -> float:
    """What hurts the coach must hurt the Apprentice."""
    return -cost


def coherence_coach(kl: float, beta: float) -> float:
    """Straying from the original model costs."""
    return as_reward(beta * kl)


def megacoach(values: float, kl: float, beta: float) -> float:
    """The total: kind, and still making sense."""
    cost = -(values + coherence_coach(kl, beta))
    return as_reward(cost)
