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
# What says that a figure went from one value to another, or by how much.
CHANGES: Final = frozenset(
    "plummeted crashed spiked dived shed firmed strengthened weakened lifted lift lifts sunk "
    "doubling go move change revise "
    "lower raise widen narrow expand extend double halve shrink slide sink soar plunge surge "
    "slip add advance improve edge ease tumble rally dip tick hike trim slash rose rise rises "
    "risen rising fell fall falls fallen falling grew grow grows grown growing climbed climb "
    "climbs climbing jumped jump jumps jumping increased increase increases increasing "
    "decreased decrease decreases decreasing dropped drop drops dropping swelled swelling "
    "raised raises raising cut cuts cutting reduced reduce reduces reducing reduction lowered "
    "lowering soared soaring plunged plunging surged surging slipped slipping slid sliding "
    "sank gained gain gains gaining lost lose loses losing added adding adds advanced "
    "advancing went gone going goes moved moving changed changes changing revised revising "
    "upgraded downgraded corrected doubled tripled halved shrank shrunk shrinking declined "
    "decline declines declining eased easing edged edging improved improving widened narrowed "
    "boosted expanded expanding extended shot tumbled tumbling rallied rebounded retreated "
    "dipped ticked inched leapt leaped hiked trimmed slashed swung rebound up down".split()
)
# One person, or a few who belong together: before ", 7," the figure is an age.
PERSONS: Final = frozenset(
    "girl boy daughter son brother brothers sister sisters father mother wife husband man woman "
    "child teenager student pupil driver passenger victim suspect grandmother grandfather "
    "grandson granddaughter uncle aunt nephew niece cousin twins".split()
)
# Verbs after which a bare figure counts what was done to it.
HARMS: Final = frozenset(
    "killed killing kills kill wounded wounding injured injuring captured capturing arrested "
    "arresting displaced displacing evacuated evacuating destroyed destroying damaged "
    "damaging detained detaining lost losing sold selling bought buying employed employing "
    "employs shot rescued rescuing cut hired fired".split()
)
# Words after which a bare figure counts, even in the range of years.
COUNTING: Final = frozenset(
    "at least than over almost nearly some only just total another further additional reached "
    "reaching hit exceeded numbered numbering totalled totaled totalling counted counting".split()
)
# What is counted in millions: before it "5m" is no length.
MANY: Final = PERSON_WORDS | frozenset(
    "bottles inhabitants items packets bags boxes parcels meals flights nights hours days "
    "jobs homes households families houses users customers subscribers viewers listeners "
    "visitors tourists passengers refugees migrants members followers fans consumers "
    "taxpayers employees drivers commuters pensioners immigrants tonnes tons barrels litres "
    "liters gallons hectares acres doses shots tests cases deaths infections copies units "
    "shares cars vehicles phones devices accounts downloads views visits trips journeys votes "
    "ballots sales books tickets animals birds pigs cattle sheep chickens trees records "
    "documents messages times euros dollars pounds roubles rubles rupees yuan yen francs "
    "pesos kroner hryvnia hryvnias lira shekels usd eur gbp sq".split()
)
DAYS: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
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
