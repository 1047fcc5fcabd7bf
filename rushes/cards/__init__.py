"""Cards: what is drawn where the script names no scene. One module for each family of them; `card.py` is the scene."""
