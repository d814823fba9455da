"""Words that the rules of spelling get wrong, divided by hyphens, the stressed syllable in capitals.

Own work for this project, under its licence; taken from no dictionary.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
a-BOUT a-BOVE a-BROAD a-CROSS a-DIEU a-DORE a-FAR a-FRAID a-GAIN a-GAINST a-GO a-LAS a-LIKE a-LIVE a-LONE a-LONG a-LOUD
a-MID a-MONG a-NEW a-PART a-RISE a-RIS-en a-ROUND a-SIDE a-SLEEP a-WAKE a-WAY a-WHILE a-NOTH-er al-READ-y al-THOUGH
AL-ways be-CAUSE be-COME be-FORE be-GAN be-GIN be-GUN be-HIND be-HOLD be-LIEVE be-LONG be-LOV-ed be-LOW be-NEATH be-SIDE
be-TWEEN be-TWIXT be-YOND be-WARE com-MAND com-PARE com-PLAIN com-PLETE com-PEL con-CEAL con-FESS con-FINE con-TENT
con-TAIN con-TROL de-CAY de-CEIVE de-CLINE de-FACE de-FEAT de-FENCE de-LAY de-LIGHT de-NY de-PART de-SERVE de-SIRE
de-SPAIR de-SPISE de-STROY de-VICE di-VINE de-SPITE dis-DAIN dis-EASE dis-GRACE dis-TRESS DI-et QUI-et PO-et PO-em
PO-et-ry RU-in CRU-el FU-el DU-el SCI-ence LI-on GI-ant i-DE-a re-AL-i-ty cre-ATE cre-A-tion THE-a-tre
e-NOUGH e-TER-nal e-TER-ni-ty en-JOY en-DURE en-TWINE en-TIRE es-CAPE ex-CEED ex-CEPT ex-CEL ex-CHANGE ex-PENSE ex-PRESS
EV-er EV-ery EV-en-ing EYE-lid for-BID for-EV-er for-GET for-GIVE for-GOT for-LORN for-SAKE for-SWORN FOR-tune HEAV-en
him-SELF her-SELF my-SELF thy-SELF it-SELF your-SELF our-SELVES them-SELVES how-EV-er im-AG-ine in-CREASE in-DEED in-STEAD
in-TENT in-TO JEAL-ous LAN-guage ma-CHINE ma-JES-tic ME-di-um mis-TAKE mo-NOT-o-nous NEV-er NOTH-ing o-BEY
o-PIN-ion out-LIVE per-CEIVE per-CHANCE per-FORM per-HAPS per-PLEX po-LICE POS-si-ble pre-FER pre-PARE pre-SERVE
pre-TEND pro-CEED pro-CLAIM pro-FOUND pro-LONG pro-TECT pro-NOUNCE re-BEL re-CALL re-CEIVE re-CORD re-GARD re-JOICE
re-LIEF re-MAIN re-MEM-ber re-MOTE re-MOVE re-MOV-er re-NEW re-NOWN re-PAIR re-PAY re-PEAT re-PENT re-PLY re-POSE
re-QUIRE re-SIST re-SOLVE re-STORE re-STRAIN re-TIRE re-TURN re-VEAL re-VENGE ro-MANCE se-CURE se-RENE se-VERE SEV-en
sub-DUE suc-CEED suc-CESS suf-FICE sup-POSE sup-PLY sur-PRISE sur-ROUND sus-TAIN SWEET-est SOME-thing SOME-times
to-DAY to-GETH-er to-MOR-row to-NIGHT to-WARD TEM-per-ate trans-FORM u-NITE un-LESS un-TIL un-TO un-KNOWN un-SEEN
up-ON with-IN with-OUT with-DRAW with-HOLD when-EV-er hel-LO ho-TEL are BE-ing SEE-ing DO-ing GO-ing
come some done gone give live have love above there where were here more true blue eye eyes whole one once
PEO-ple BEAU-ty BEAU-ti-ful BUSI-ness CHOC-o-late DIF-fer-ent WED-nes-day IN-ter-est MAR-riage CAR-riage
LOVE-ly LONE-ly LONE-some CARE-less CARE-ful CARE-ful-ly FACE-less HOPE-less HOPE-ful LIFE-less LOVE-li-ness
SAFE-ty NINE-ty nine-TEEN SOME-one SOME-where EV-ery-thing EV-ery-one AN-y-thing BLESS-ed WRETCH-ed NAK-ed
WICK-ed SA-cred HUN-dred RAG-ged RUG-ged CROOK-ed LEARN-ed AG-ed HATE-ful WAKE-ful GRATE-ful TIME-less NAME-less
"""
EXCEPTIONS: Final[dict[str, tuple[str, ...]]] = {
    word.replace("-", "").lower(): tuple(word.split("-")) for word in _WORDS.split()
}
_WEAK: Final = """
a an the and but or nor for of to in on at by with from as than that if so is am are was were be been do does did has
had have can could shall should will would may might must i me my we us our you your he him his she her it its they
them their thy thee thou ye who whom whose which when what where while this these those o oh upon into unto not no
there then though through t'is 'tis tis it's i'm i'll he's she's we'll you'll they're
"""
WEAK: Final = frozenset(_WEAK.split())
"""Words that carry no stress of their own in a line."""
