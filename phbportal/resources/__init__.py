"""ROOM 11 · the declarations: one for each noun, 20 to 60 lines each."""
