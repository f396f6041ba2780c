"""Words that make the number after them a name. Data only."""

from __future__ import annotations

from typing import Final

# Things that are numbered, in the singular: the number names one of them.
NUMBERED: Final = frozenset(
    "terminal flight section article no nos number nr route channel chapter page figure fig table "
    "room level phase stage type grade class category line platform gate unit resolution act part "
    "vol volume episode season highway interstate motorway game round week lot bus tram apartment "
    "apt suite box psalm title form rule amendment proposition prop order directive regulation "
    "paragraph clause annex appendix schedule exhibit item step question block building floor "
    "sector district ward zone area region lane pier berth hangar runway channel studio bay "
    "mission expedition world war chapter verse book scene track disc formula group division tier "
    "year day step version model mark mk series sol leg stage protocol charter code sub grade "
    "station school hospital plant reactor well site camp checkpoint cell case docket file radio "
    "menu exit row seat ext lap hole heat set zip "
    "battalion regiment brigade squadron division army corps company platoon pope king louis "
    "henry george phase top".split()
) - frozenset(
    "area region year company king cell well group series world act order army "
    "leg top building floor".split()
)
# The same in the plural: a list of names follows ("Articles 5 and 6").
PLURAL_NUMBERED: Final = frozenset(
    "terminals flights sections articles routes channels chapters pages figures tables rooms "
    "phases stages types grades categories resolutions parts volumes episodes rules amendments "
    "paragraphs clauses annexes items reactors pp".split()
)
# Makers and products whose numbers are names.
BRANDS: Final = frozenset(
    "boeing airbus embraer bombardier cessna antonov tupolev ilyushin sukhoi mikoyan mig su tu "
    "bell iphone ipad galaxy pixel windows android ios macos playstation xbox nintendo ps "
    "porsche peugeot ferrari audi bmw mazda mercedes volvo saab samsung nokia huawei xiaomi "
    "apollo falcon soyuz voyager pioneer sputnik gemini ariane starship area formula leopard "
    "abrams challenger kalibr iskander kinzhal shahed intel pentium core ryzen geforce radeon "
    "gtx rtx chrome firefox web usb http covid cop catch studio expo chanel bowl "
    "hill radio menu".split()
)
# Market indexes and lists that are named by their size.
INDEXES: Final = frozenset(
    "p fortune nasdaq ftse nikkei dow stoxx cac dax russell topix csi asx sensex nifty eurostoxx "
    "hot".split()
)
# Against the number or with a full stop: "p.14", "pp. 32-33".
PAGES: Final = frozenset({"p", "pp", "pg", "para", "paras", "art", "sec", "ch"})
# Names of bodies that are written like quantities; case as written.
ALIASES: Final = ("3M", "7-Eleven", "P5+1", "E3+3", "EU3+3")
# Before five digits they show a postcode: the postal codes of the states.
STATES: Final = frozenset(
    "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj "
    "nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy pr".split()
)
# Behind "2K", "4K", "8K" they show a format of pictures.
FORMATS: Final = frozenset(
    "image images resolution video videos tv tvs television televisions screen screens display "
    "displays blu footage monitor monitors gaming hdr camera cameras film movie picture".split()
)
STREETS: Final = frozenset(
    "street st avenue ave road rd boulevard blvd lane drive square place court terrace".split()
)
WAYS_TO_CALL: Final = frozenset(
    "call dial phone telephone tel fax hotline helpline text ring calling dialling dialing".split()
)
# "mid-2022", "pre-1990": the letters belong to the year, not to a name.
YEAR_PREFIXES: Final = frozenset("mid pre post late early sub non under over plus near".split())
