"""Preload: what the process server imports before Manim. Nothing of what it loads then is garbage, so a search for some
takes a tenth of that time and finds none; processes that draw search again."""

import gc

gc.disable()
