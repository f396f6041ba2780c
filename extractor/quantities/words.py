"""Word lists that several rules look at. Data only."""

from __future__ import annotations

from typing import Final

# Words that cannot be the noun that a number counts.
FUNCTION_WORDS: Final = frozenset(
    "a an the this that these those and or but nor if then than as at by for from in into of off "
    "on onto out over per since through to toward towards under until up upon via with within "
    "without about above across after against along among around before behind below beneath "
    "beside between beyond despite down during except inside near outside past is are was were be "
    "been being am has have had having do does did will would shall should can could may might "
    "must ought he she it they we you i him her them us me his its their our my your who whom "
    "whose which what when where while why how not no so too also only just yet still already "
    "again later earlier ago now there here because although though unless whether both either "
    "neither each every some any all such".split()
)
# Nouns of persons: before "under 18" and "over 65" they make it an age.
PERSON_WORDS: Final = frozenset(
    "people persons person children child kids adults adult women woman men man boys girls "
    "youths youth teenagers citizens those anyone everyone residents patients players minors "
    "students pupils workers voters males females babies infants".split()
)
# Nouns that are plural without an s; with the plurals in -s they tell a count from a year.
PLURALS: Final = frozenset(
    "people men women children police troops dead injured wounded others personnel cattle sheep "
    "killed missing livestock infantry cavalry fish aircraft spacecraft crew staff more".split()
)
# Words in -s that are no plurals.
NOT_PLURALS: Final = frozenset(
    "is was has does this his us as its thus plus news series census congress crisis basis status "
    "virus campus bonus focus process access success business less across progress address press "
    "class loss mass boss always perhaps besides towards afterwards analysis emphasis means "
    "chaos gas bus olympics politics championships games elections".split()
)
MONTHS: Final = frozenset(
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul aug sep sept oct nov dec".split()
)


def plural(word: str) -> bool:
    """Whether a lower-case word looks like a plural noun.

    >>> plural("people"), plural("homes"), plural("census"), plural("budget")
    (True, True, False, False)
    """
    if word in PLURALS:
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith("ss")
        and (word not in NOT_PLURALS)
    )
