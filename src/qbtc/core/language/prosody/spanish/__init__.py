"""Spanish: syllables and stress from spelling, metre as the best reading of a line among its neighbours, rhyme."""
