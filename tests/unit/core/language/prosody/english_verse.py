"""English verse out of copyright with its beats as they are commonly scanned, marked by us by hand. No rule was made on it."""

from __future__ import annotations

from typing import Final, NamedTuple


class Passage(NamedTuple):
    """Lines and their beats, both a line each."""

    author: str
    text: str
    beats: tuple[str, ...]


def _passage(author: str, *lines: str) -> Passage:
    texts, beats = zip(*(line.rsplit("|", 1) for line in lines), strict=True)
    return Passage(author, "\n".join(text.strip() for text in texts), tuple(mark.strip() for mark in beats))


PASSAGES: Final = (
    _passage(
        "Gray",
        "The curfew tolls the knell of parting day,|-+-+-+-+-+",
        "The lowing herd wind slowly o'er the lea,|-+-+-+-+-+",
        "The plowman homeward plods his weary way,|-+-+-+-+-+",
        "And leaves the world to darkness and to me.|-+-+-+-+-+",
    ),
    _passage(
        "Dickinson",
        "Because I could not stop for Death|-+-+-+-+",
        "He kindly stopped for me|-+-+-+",
        "The Carriage held but just Ourselves|-+-+-+-+",
        "And Immortality.|-+-+-+",
    ),
    _passage(
        "Blake",
        "Tyger Tyger, burning bright,|+-+-+-+",
        "In the forests of the night;|+-+-+-+",
        "What immortal hand or eye,|+-+-+-+",
        "Could frame thy fearful symmetry?|-+-+-+-+",
    ),
    _passage(
        "Longfellow",
        "By the shores of Gitche Gumee,|+-+-+-+-",
        "By the shining Big-Sea-Water,|+-+-+-+-",
        "Stood the wigwam of Nokomis,|+-+-+-+-",
        "Daughter of the Moon, Nokomis.|+-+-+-+-",
    ),
    _passage(
        "Poe",
        "Once upon a midnight dreary, while I pondered, weak and weary,|+-+-+-+-+-+-+-+-",
        "Over many a quaint and curious volume of forgotten lore,|+-+-+-+-+-+-+-+",
        "While I nodded, nearly napping, suddenly there came a tapping,|+-+-+-+-+-+-+-+-",
        "As of some one gently rapping, rapping at my chamber door.|+-+-+-+-+-+-+-+",
    ),
    _passage(
        "Moore",
        "'Twas the night before Christmas, when all through the house|--+--+--+--+",
        "Not a creature was stirring, not even a mouse;|--+--+--+--+",
        "The stockings were hung by the chimney with care,|-+--+--+--+",
    ),
    _passage(
        "Byron",
        "The Assyrian came down like the wolf on the fold,|--+--+--+--+",
        "And his cohorts were gleaming in purple and gold;|--+--+--+--+",
        "When the blue wave rolls nightly on deep Galilee.|--+--+--+--+",
    ),
    _passage(
        "Tennyson",
        "Half a league, half a league,|+--+--",
        "Half a league onward,|+--+-",
        "All in the valley of Death|+--+--+",
        "Rode the six hundred.|+--+-",
    ),
    _passage(
        "Tennyson",
        "It little profits that an idle king,|-+-+-+-+-+",
        "To strive, to seek, to find, and not to yield.|-+-+-+-+-+",
    ),
    _passage(
        "Pope",
        "True ease in writing comes from art, not chance,|-+-+-+-+-+",
        "As those move easiest who have learned to dance.|-+-+-+-+-+",
        "The sound must seem an echo to the sense.|-+-+-+-+-+",
    ),
    _passage(
        "Milton",
        "Of Man's first disobedience, and the fruit|-+-+-+-+-+",
        "Brought death into the world, and all our woe,|-+-+-+-+-+",
        "With loss of Eden, till one greater Man|-+-+-+-+-+",
    ),
    _passage(
        "Keats",
        "A thing of beauty is a joy for ever:|-+-+-+-+-+-",
        "Its loveliness increases; it will never|-+-+-+-+-+-",
        "Pass into nothingness; but still will keep|+--+-+-+-+",
    ),
    _passage(
        "Wordsworth",
        "I wandered lonely as a cloud|-+-+-+-+",
        "That floats on high o'er vales and hills,|-+-+-+-+",
        "When all at once I saw a crowd,|-+-+-+-+",
        "A host, of golden daffodils;|-+-+-+-+",
        "Beside the lake, beneath the trees,|-+-+-+-+",
        "Fluttering and dancing in the breeze.|+--+-+-+",
    ),
    _passage(
        "Housman",
        "Loveliest of trees, the cherry now|+--+-+-+",
        "Is hung with bloom along the bough,|-+-+-+-+",
        "And stands about the woodland ride|-+-+-+-+",
        "Wearing white for Eastertide.|+-+-+-+",
    ),
    _passage(
        "Lear",
        "There was an Old Man with a beard,|-+--+--+",
        "Who said, It is just as I feared!|-+--+--+",
        "Two Owls and a Hen,|-+--+",
        "Four Larks and a Wren,|-+--+",
        "Have all built their nests in my beard!|-+--+--+",
    ),
)
