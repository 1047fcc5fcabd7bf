"""rushes: a Markdown script note in, an explainer film out, drawn from recorded RLHF runs."""

__version__ = "0.1.0"
