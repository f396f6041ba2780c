"""The hedge table: what English says beside a number, and which of the ten classes it is.

One line a phrase. "just under" and its like are ALMOST, not LESS_THAN: they say nearness as well
as the side, and that is what ALMOST is; the interval is the same. "as few as" mirrors "as many
as": the least that it may be.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from extractor.quantities.types import Qualifier

# Before the number.
BEFORE: Final = MappingProxyType(
    {
        Qualifier.EXACT: "exactly|precisely",
        Qualifier.ABOUT: (
            "about|around|some|roughly|approximately|approx|approx.|circa|ca.|c.|~|≈|∼"
            "|an estimated|estimated|estimated at|an approximate|approximate|in the region of"
            "|in the order of|of the order of|on the order of|in the neighborhood of"
            "|in the neighbourhood of|in the vicinity of|something like|somewhere around"
            "|somewhere near|just about|more or less|almost exactly|nearly exactly"
            "|an average of|on average|averaging|an estimate of|estimates of|estimated to be"
            "|estimated to have been|put at about|plus or minus|perhaps|maybe|possibly|probably"
            "|more like|closer to|nearer to|barely|hardly"
            "|scarcely|±"
        ),
        Qualifier.ALMOST: (
            "almost|nearly|close to|approaching|approaches|approached|nearing|nears|neared"
            "|virtually|practically|not quite"
            "|just under|just below|just short of|just shy of|shy of|short of|just less than"
            "|just fewer than|slightly under|slightly below|slightly less than"
            "|slightly fewer than|a little under|a little below|a little less than"
            "|a little fewer than|a bit under|a bit less than|a shade under|a fraction under"
            "|close on|nigh on|getting on for|just short"
        ),
        Qualifier.MORE_THAN: (
            "more than|over|above|upwards of|upward of|in excess of|exceeding|exceeds|exceed"
            "|exceeded|greater than|higher than|larger than|bigger than|longer than|older than"
            "|over the age of|above the age of"
            "|topping|topped|tops|surpassing|surpassed|surpasses|surpass|beyond|north of|>"
        ),
        Qualifier.AT_LEAST: (
            "at least|at the very least|at the least|no fewer than|no less than|not fewer than"
            "|not less than|no lower than|a minimum of|minimum of|a minimum|minimum"
            "|no younger than|not younger than|no smaller than|no shorter than|never less than"
            "|never fewer than|nothing less than|as young as|a good|a floor of"
            "|at a minimum|not under|not below|as few as|as little as|as low as|≥|>="
            "|greater than or equal to|more than or equal to|higher than or equal to"
            "|larger than or equal to|bigger than or equal to|equal to or greater than"
            "|equal to or more than|equal or greater than|equal or more than"
            "|greater or equal than|more or equal than|higher or equal than|bigger or equal than"
            "|larger or equal than|at least or equal to"
        ),
        Qualifier.UP_TO: (
            "up to|as many as|as much as|as high as|as large as|as long as|as far as|as old as"
            "|anything up to|upto|up to as many as"
        ),
        Qualifier.AT_MOST: (
            "at most|at the most|no more than|not more than|no greater than|no higher than"
            "|no larger than|no longer than|not exceeding|a maximum of|maximum of|a maximum"
            "|maximum|max|max.|a limit of|capped at|limited to|not over|not above|≤|<="
            "|not exceed|not exceeds|not exceeded|never exceed|never exceeds|never exceeded"
            "|without exceeding|no older than|not older than|no bigger than|no taller than"
            "|never more than|nothing more than|a ceiling of|a cap of|an upper limit of"
            "|less than or equal to|fewer than or equal to|lower than or equal to"
            "|smaller than or equal to|equal to or less than|equal to or lower than"
            "|equal to or fewer than|equal or less than|less or equal than|lower or equal than"
            "|smaller or equal than|fewer or equal than|at most or equal to"
        ),
        Qualifier.LESS_THAN: (
            "less than|fewer than|under|below|lower than|smaller than|shorter than"
            "|younger than|under the age of|below the age of|well under|south of|<|not even"
            "|nowhere near"
        ),
    }
)
# After the number.
AFTER: Final = MappingProxyType(
    {
        Qualifier.ABOUT: (
            "or so|or thereabouts|-odd|odd|give or take|, give or take|approximately|approx."
            "|-ish|-something"
        ),
        Qualifier.AT_LEAST: (
            "or more|or greater|or higher|or older|or longer|or above|or over|and above|and over"
            "|and up|and more|and older|plus|-plus|+|upwards|if not more|, if not more"
            "|maybe more|, maybe more|perhaps more|, perhaps more"
            "|possibly more|, possibly more|, at least|, or more|at least"
            "|at a minimum"
            "|minimum|at the least|at the very least"
        ),
        Qualifier.AT_MOST: (
            "or less|, at most|or fewer|or lower|or younger|or below|or under|and under"
            "|and below|and younger"
            "|at most|at the most|maximum|max|at the outside"
        ),
    }
)
# Words that only sharpen the hedge after them: "well over", "just over", "far fewer than".
SHARPENERS: Final = (
    "something|just|well|far|much|slightly|a little|a bit|a lot|a shade|significantly|considerably"
    "|substantially|somewhat|only|even|probably|likely|possibly|perhaps|maybe|anything"
)
# Words that hedge a number only in some places: behind these verbs and prepositions "like" does,
# and "passed" and "crossed" where the number itself, and no thing, was passed.
LIKE_AFTER: Final = frozenset("for was were is are at about took take be been only".split())
PASSES: Final = frozenset("passed passes passing crossed crosses crossing past".split())
# "signed up to 3 treaties": the particle belongs to the verb.
TAKES_UP: Final = frozenset(
    "signed sign signs signing owned owning owns lined added adding summed "
    "woke stood lived measured caught run - \u2010 \u2011".split()
)
# Behind the figure that a toll "passed".
AFTER_PASSED: Final = frozenset(
    "now again already mark and but while when on in by as since after last this with "
    "today for".split()
)
# Before "about" and "over" these show what it is about, and nothing of how many.
TAKES_A_TOPIC: Final = frozenset(
    "handed hand hands handing presided mulled mulling quizzed sacked grief alarm strike "
    "strikes jailed complain complained complaining complaint complaints worry worried "
    "worries worrying talk talked talking talks speak spoke speaking ask asked asking tell "
    "told telling know knew thinking concern concerns concerned question questions questioned "
    "information detail details doubt doubts lies lied story stories news anything something "
    "nothing lot excited angry anger upset outrage fury protest protests protested protesting "
    "dispute disputes disputed row rows charge charges charged trial sued suing suit arrested "
    "resigned criticised criticized criticism clash clashed clashes fear fears inquiry "
    "investigation investigated debate debates backlash control victory win wins triumph "
    "power advantage lead leads scandal feud war wars battle fight unease tension tensions".split()
)
# Small words that may stand between a hedge and its number: "at least another 40",
# "more than the 300", "up to a further 50".
SMALL_WORDS: Final = frozenset("a an another the further additional extra one-time".split())
# Symbols that are hedges only against the number.
SYMBOLS: Final = frozenset("~ ≈ ∼ > < ≥ ≤ + c.".split())

# "over" and "under" are not always hedges.
# After one of these, "over" before a time is a length ("for over two years"); otherwise it may be
# "during" ("over three days, 40 died"), which hedges nothing.
TAKES_A_LENGTH: Final = frozenset(
    "for after in of by than is was were are be been lasted lasts last lasting took takes take "
    "taking taken spent spend spending served serve serving just well far slightly little bit "
    "some and within from until aged".split()
)
# After a time these show that "over" measured it: "over 40 years ago", "over two years old".
SHOWS_A_LENGTH: Final = frozenset("ago old later earlier away long older".split())
# "under" one of these is "subject to": "under 18 rules", "under three governments".
HELD_UNDER: Final = frozenset(
    "rules laws agreements treaties sanctions acts contracts presidents governments flags names "
    "administrations commanders conditions circumstances regimes provisions articles headings "
    "categories bridges orders warrants titles aliases counts".split()
)
