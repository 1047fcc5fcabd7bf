"""The training. Nothing outside this package imports torch, transformers or trl.

No model is fetched and nothing is reported to anyone: both libraries ask for this before they are imported.
"""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
