"""A recorded run's rating as a curve on the set, and an Apprentice whose mood follows it."""

from __future__ import annotations

from rushes import theme as t
from rushes.charts import Chart, Curve, Playhead, steps_over
from rushes.motion import Sprite, ring
from rushes.rig import Rig, shadow
from rushes.scene import RunScene


class MeasuredRun(RunScene):
    runs = {"run": "healthy"}
    alone = 6.0

    def construct(self) -> None:
        record = self.record()
        steps, ratings = record.steps, record.column("rating")
        chart = Chart(left=760, top=220, right=1560, bottom=720, x=(steps[0], steps[-1]), y=(1, 9))
        step_at = steps_over(0.8, 5.0, steps[0], steps[-1])
        curve = Curve(chart, steps, ratings, step_at, t.POLICY, name="rating", smooth_over=5)
        self.bake(
            t.backdrop(floor=t.FLOOR),
            t.kicker("What the raters say"),
            t.slate(record, f"steps {steps[0]}–{steps[-1]}"),
            *chart.still((1, 5, 9), (steps[0], steps[-1]), y_names={1: "rude", 9: "kind"}),
            curve.ghost(),
        )
        rig = Rig("apprentice", 380, h=340, seed=5).enter(0.1)
        rig.drive(mood=lambda clock: (curve.value(clock) - 5) / 4)
        rig.look_at(0.7, 900, 500).hop(5.1).look_out(5.6)
        light = Sprite(t.glow(t.POLICY, 380, 640, 760, 700, 0.5), alpha=0.0).enter(4.9)
        self.live(light, ring(5.3, 380, t.FEET, t.POLICY), shadow(rig), rig, Playhead(chart, step_at), curve)
