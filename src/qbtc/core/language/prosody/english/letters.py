"""How English spelling is usually read: letters to phones, for words that no table holds.

One rule at a place, the first that fits; rules after the traditional grapheme lists (Venezky, The American Way of Spelling,
1999). Stress is not told here: `words.py` places it.
"""

from __future__ import annotations

import re
from typing import Final

_C: Final = "[bcdfghjklmnpqrstvwxz]"
_RULES: Final = (
    # consonants that are silent or change by their neighbours
    ("(?<![a-z])kn|(?<![a-z])gn|(?<![a-z])pn", "n"), ("(?<![a-z])wr|rh", "r"), ("(?<![a-z])wh(?=o)", "h"), ("wh", "w"),
    ("(?<![a-z])x", "z"), ("(?<![a-z])ps", "s"), ("mb(?=s?$|ed$|ing)", "m"), ("mn(?=s?$)", "m"),
    ("igh", "I"), ("eigh", "A"), ("aigh", "A"), ("augh(?=t)|ough(?=t)", "ɔ"), ("ough$", "O"), ("gh(?=t|$)", ""), ("gh", "g"),
    ("tch|ch(?![lr])", "C"), ("ch", "k"), ("sh", "ʃ"), ("ph", "f"), ("th", "θ"), ("ng(?=$|s$|ed$|ing$)", "ŋ"), ("nk", "ŋk"),
    ("ck|cqu?", "k"), ("qu", "kw"), ("dge?", "J"), ("sc(?=[eiy])", "s"), ("c(?=i(?:ou|a|en))", "ʃ"), ("c(?=[eiy])", "s"), ("c", "k"),
    ("g(?=[eiy])", "J"), ("g+", "g"), ("ti(?=on|ou|al|en[ct])", "ʃ"), ("ssi(?=on)", "ʃ"), ("(?<=[aeiou])si(?=on)", "ʒ"), ("si(?=on)", "ʃ"),
    ("x", "ks"), ("ss", "s"), ("(?<=[aeiouylrnmgdbvw])s$", "z"), ("(?<=[aeiou])s(?=e$|ed$|es$|ing$)", "z"), ("es$", "ɪz"),
    ("(?<=[td])ed$", "ɪd"), ("(?<=[pkfsxh])ed$", "t"), ("(?<=[pkfsxh])'d$", "t"), ("ed$", "d"),
    # vowels before r
    ("(?<=w)ar(?!r|[aeiou])", "ɔr"), ("ar(?!r|[aeiouy])", "ɑr"), ("ear(?=[cltnd])", "ɝ"), ("ear|eer|ier(?=c|$)|ere$", "ɪr"),
    ("air|are$|ares$", "ɛr"), ("oor|oar|our(?=[cnt])|ore(?=s?$)|or(?!r|[aeiouy])", "ɔr"), ("our$|ours$", "Wr"), ("ire(?=s?$|d$)", "Ir"),
    ("(?<=[a-z])er(?=s?$)", "ɝ"), ("[eiu]r(?!r|[aeiouy])", "ɝ"),
    # vowel digraphs
    ("a[iy]|ei(?=[nl])|ey(?=$)", "A"), ("ea(?=d$|d[sy]$|th$|lth|sure|nt|v[ey])", "ɛ"), ("ee|ea|ie(?=[fvlc])|ei", "i"), ("ie$", "I"),
    ("ies$", "iz"), ("ied$", "id"), ("oo(?=k)", "ʊ"), ("oo|ew|ue|ui|eu", "u"), ("oa|oe|ow(?=n?$|s$)", "O"), ("ou|ow", "W"),
    ("oi|oy", "Y"), ("au|aw|al(?=[kl])", "ɔ"), ("igh|uy", "I"),
    # magic e and open syllables
    (f"a(?={_C}e(?:s|d)?$|ste|nge)", "A"), (f"e(?={_C}e(?:s|d)?$)", "i"), (f"[iy](?={_C}e(?:s|d)?$)|i(?=nd|ld$)", "I"),
    (f"o(?={_C}e(?:s|d)?$|ld|st$|ll$)", "O"), (f"u(?={_C}e(?:s|d)?$)", "u"), ("(?<=l)e$", ""),
    ("l(?=e$|es$|ed$)", "əl"), ("(?<=[a-z])e$", ""), ("(?<=[aeiouy])e(?=s$|d$)", ""), ("e(?=ly$|less|ness|ful)", ""),
    ("^y(?=[aeiou])", "j"), (f"(?<={_C})y$", "i"), ("(?<![aeiouy])y$", "I"), ("o$", "O"), ("i$", "i"), ("a$", "ə"),
    ("i(?=[aou])", "i"), ("u(?=[ao])", "u"), ("i(?=gn$)", "I"),
    # short vowels, plain consonants
    ("a", "æ"), ("e", "ɛ"), ("[iy]", "ɪ"), ("o", "ɑ"), ("u", "ʌ"), ("j", "J"), ("bb?", "b"), ("dd?", "d"), ("ff?", "f"), ("h", "h"),
    ("k", "k"), ("ll?", "l"), ("mm?", "m"), ("nn?", "n"), ("pp?", "p"), ("rr?", "r"), ("s", "s"), ("tt?", "t"), ("vv?", "v"),
    ("w", "w"), ("zz?", "z"), ("'", ""),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern), phones) for pattern, phones in _RULES)


def read_letters(word: str) -> str:
    """The phones of a word in small letters and apostrophes; signs that no rule knows are silent."""
    found, at = [], 0
    while at < len(word):
        match, phones = next(
            ((m, p) for pattern, p in _COMPILED if (m := pattern.match(word, at)) and m.end() > at), (None, "")
        )
        found.append(phones)
        at = match.end() if match else at + 1
    return "".join(found)
