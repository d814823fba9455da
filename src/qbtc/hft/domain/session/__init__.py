"""What a trading session was told, so that it can be told again: the seam (`ear`), words for it (`words`), its bytes (`blocks`)."""
