"""The rest of the board's year: some forty-five more people, each with a few words of a plan.

NHS numbers are of the range kept for tests (they begin 999).
"""

from __future__ import annotations

from phbportal.demo.lives import AND_ISF, AND_NOTIONAL, DIRECT, ISF, NOTIONAL, Life
from phbportal.domain.eligibility import Cohort as C
from phbportal.domain.streams import Frequency

LIVES: tuple[Life, ...] = (
    # Direct payments that have run for a while.
    Life(
        "blessing", "Blessing|Adeyinka", "9993201014", C.CHC, 52, "amara", 96_000,
        "I sang in three choirs and led one. My lungs and legs are weak now; my voice is not.",
        "Church on Sundays. My granddaughters. Food I would cook myself.",
        "My sister Joy, then the agency on the card by the telephone.",
        "I am up and dressed to sing on Sundays.", "Two personal assistants, mornings and evenings",
    ),
    Life(
        "tomasz", "Tomasz|Wiśniewski", "9993201383", C.CHC, 44, "amara", 88_500,
        "I laid floors until I fell from a scaffold. I use a chair and a great deal of patience.",
        "My son’s football. Speaking Polish at home. Working again one day.",
        "My wife Ola, then our neighbour Stefan.", "I watch my son play every week.",
        "A personal assistant who drives", needs="First language Polish; reads English well.",
    ),
    Life(
        "rukhsana", "Rukhsana|Begum", "9993201758", C.CHC, 61, "shabnam", 102_000,
        "I brought up five children and half the street. I had a stroke two winters ago.",
        "Women to help me wash. Prayer at its times. My garden of coriander.",
        "My daughter Nadia, who lives upstairs.", "I pray at the proper times, washed and dressed.",
        "Three women as personal assistants", needs="Speaks Sylheti. Needs an interpreter for meetings.",
    ),
    Life(
        "delroy", "Delroy|Campbell", "9993202126", C.S117, 38, "rhodri", 42_000,
        "I mend bicycles and play bass. I have been well for fourteen months.",
        "My own key. Being asked, not told. Reggae, loud, until ten.",
        "My early signs are on the fridge. Ring my brother Errol first.", "I keep my flat and my workshop.",
        "A personal assistant three days a week",
    ),
    Life(
        "winston", "Winston|Baptiste", "9993202495", C.CHC, 70, "rhodri", 91_000,
        "I drove the 86 bus for thirty years. My heart is tired and my jokes are not.",
        "Dominoes on Thursdays. Ackee on Saturdays. My late wife’s chair by the window.",
        "My nephew Marlon has a key. If I am in hospital, tell the domino club.", "I live at home, not in a home.",
        "Two personal assistants, every day",
    ),
    Life(
        "catrin", "Catrin|Llewellyn", "9993203238", C.CHC, 33, "rhodri", 84_000,
        "I translate poems from a bed that tilts. Everything below my shoulders is somebody else’s hands.",
        "Quiet to work in. Hands that listen. Welsh, please.", "The night team, then my mother in Bala.",
        "I finish a book this year.", "A team of personal assistants", needs="Prefers to speak Welsh.",
    ),
    Life(
        "bridget", "Bridget|Ward", "9993203602", C.LTC, 47, "bethan", 26_500,
        "I am a Traveller and proud of it. My hands swell and will not close.",
        "Staying on our site with my people. Being able to plait my girls’ hair.",
        "My man Michael, at any hour.", "I look after my own trailer and my girls.",
        "My cousin’s friend Kathleen, as an assistant", needs="Please telephone. Does not read letters.",
    ),
    Life(
        "xiuying", "Xiu-Ying|Lam", "9993203971", C.JOINT_FUNDED, 58, "shabnam", 61_000,
        "I ran a bakery in Nelson Street. My eyes and balance have gone; I know every oven by its sound.",
        "Mah-jong on Wednesdays. Cantonese on the radio. Not falling.", "My son Kelvin, then the bakery.",
        "I walk to mah-jong and back.", "A guide and helper", needs="First language Cantonese. Large print.",
        often=Frequency.MONTHLY,
    ),
    Life(
        "jaswant", "Jaswant|Gill", "9993204714", C.CHC, 66, "amara", 93_500,
        "I kept an ironmonger’s shop. I shake, I freeze, I start again.",
        "My turban tied properly. Langar on Sundays. My grandsons’ homework.", "My son Manjit, next door but one.",
        "I am ready for the gurdwara by nine.", "Two personal assistants",
    ),
    Life(
        "owain", "Owain|Bevan", "9993205087", C.LD_AUTISM, 24, "bethan", 38_500,
        "I know every station from here to Aberystwyth. I do not like surprises.",
        "Timetables. The same people. Trains on Fridays.", "Mum. Then read my one-page profile. Then wait.",
        "I travel by train by myself by the summer.", "A travel coach and assistant",
        needs="Short sentences. Pictures. Time to answer.",
    ),
    Life(
        "nkechi", "Nkechi|Eze", "9993205451", C.MENTAL_HEALTH, 35, "amara", 18_500,
        "I am a nurse who became a patient. I am learning to be neither on Tuesdays.",
        "My own front door. Running. People who do not whisper.", "My friend Sade, then the crisis line.",
        "I run ten kilometres in the spring.", "A peer worker and a running coach",
    ),
    Life(
        "thimai", "Thi Mai|Nguyen", "9993205826", C.LTC, 55, "shabnam", 22_000,
        "I sewed for forty years. My back is finished, my eyes are good.",
        "My sewing circle. My husband’s grave on the first of the month.", "My daughter Linh.",
        "I sit at my machine for an hour a day.", "Physiotherapy and an assistant",
    ),
    Life(
        "gary", "Gary|Whitehead", "9993206199", C.CHC, 57, "shabnam", 79_000,
        "I was a roofer. Everton, man and boy. I never wanted to be anybody’s boss.",
        "No paperwork. My dog. My pals.", "My sister Lorraine.", "I get to the match and back.",
        "Assistants for days and match days",
    ),
    Life(
        "arthur", "Arthur|Ramsbottom", "9993206563", C.CHC, 88, "amara", 108_000,
        "I was a Bevin boy and then a headmaster. I should like to finish my crossword.",
        "The Guardian, on paper. My wife’s roses. Not being called “dear”.", "My daughter Helen in Ormskirk.",
        "I die in my own bed, when it comes to that.", "A team of personal assistants, day and night",
    ),
    Life(
        "edna", "Edna|Clegg", "9993206938", C.CHC, 83, "amara", 87_500,
        "Edna worked at the tobacco factory and won cups for dancing. She has forgotten the cups, not the steps.",
        "Music. Warm hands. Her daughter’s voice.", "Her daughter Susan, then the day centre.",
        "Edna dances every week.", "Two personal assistants whom Susan chose",
        needs="Speak to Edna, and to her daughter and attorney, Susan Clegg.",
    ),
    # Three people and one nominee.
    Life(
        "ffion", "Ffion|Maddox", "9993207306", C.CHC, 29, "bethan", 74_000,
        "I paint with my mouth and sell what I paint. Forms make me want to throw the brush.",
        "My studio. My cat, Taliesin. Not being a case.", "My housemate Gruff.", "I show my pictures twice a year.",
        "Studio assistants",
    ),
    Life(
        "reginald", "Reginald|Sharples", "9993207675", C.CHC, 77, "rhodri", 69_000,
        "I was a bank clerk and I know what fraud looks like. I can no longer hold a pen.",
        "Everything in its place. Radio 3. A proper ledger.", "My solicitor, and my neighbour Mrs Haq.",
        "I stay in my own house.", "Two assistants, mornings and evenings",
    ),
    Life(
        "comfort", "Comfort|Asante", "9993208043", C.S117, 49, "shabnam", 36_000,
        "I trade in cloth and gossip. When I am ill I give everything away, so somebody else holds the money.",
        "My stall. My prayer group. My sleep.", "Pastor Emmanuel, then the crisis line.",
        "I keep my stall open all year.", "An assistant for market days",
    ),
    # Children and young people.
    Life(
        "yusuf", "Yusuf|Abdi", "9993208418", C.CYPCC, 9, "shabnam", 54_000,
        "Yusuf is nine. He laughs at sneezes. He needs somebody awake while he sleeps.",
        "Being with his brothers. Buses. His mother sleeping.", "His mother Hodan, then the children’s nurses.",
        "Yusuf sleeps safely at home.", "Waking nights by trained assistants",
        needs="His mother speaks Somali and English.",
    ),
    Life(
        "aaliyah", "Aaliyah|Hussain", "9993208787", C.CYPCC, 13, "shabnam", 31_000,
        "I am thirteen, I have a blog and a ventilator, in that order.",
        "My friends. My lipstick. Not being talked over.", "Dad, then my aunt Samina, then the ward.",
        "I go out with my friends, without Dad.", "Assistants nearer my age",
    ),
    Life(
        "jayden", "Jayden|Thompson", "9993209155", C.CYPCC, 16, "rhodri", 27_500,
        "I turned sixteen and nobody warned the paperwork. I make beats and I use a chair.",
        "My studio. Choosing who helps. Sleeping in.", "Mum, then my nan.", "I finish my first track.",
        "An assistant, after college", months=1,
    ),
    Life(
        "oskar", "Oskar|Zieliński", "9993209899", C.CYPCC, 6, "amara", 47_000,
        "Oskar is six and fast. He has seizures and no fear.",
        "The park. His helmet with the shark. His grandmother’s soup.", "His mother Magda, then 999.",
        "Oskar goes to school every day.", "Trained carers of an agency the NHS pays", NOTIONAL,
    ),
    Life(
        "callum", "Callum|Doherty", "9993210269", C.EHC, 17, "bethan", 14_500,
        "I am seventeen. I want to be a chef and I do not hear very well.",
        "College. My own money for the bus. Signing with people who can.", "Text me. Then text my dad.",
        "I finish my catering course.", "A signing assistant at college", needs="British Sign Language.",
    ),
    # Wheelchairs, paid once.
    Life(
        "rafiq", "Mohammed|Rafiq", "9993210633", C.WHEELCHAIR, 29, "rhodri", 0,
        "I deliver letters of complaint, not post, since my legs gave up. I want a chair that climbs kerbs.",
        "Speed. A colour that is not grey.", "My wife Sana.", "I get about town without being lifted.",
        "A powered chair with a kerb climber", NOTIONAL, 480_000,
    ),
    Life(
        "eilidh", "Eilidh|McBride", "9993211001", C.WHEELCHAIR, 41, "bethan", 0,
        "I coach netball from the side of the court.", "Turning quickly. A light chair I can lift into the car.",
        "My partner Jo.", "I coach twice a week.", "A light active chair", DIRECT, 265_000,
    ),
    Life(
        "sipho", "Sipho|Dlamini", "9993211370", C.WHEELCHAIR, 36, "rhodri", 0,
        "I paint shop fronts. Ladders are over, but walls are low down too.",
        "Reaching up. Not tipping over.", "My brother Thabo.", "I work standing up again.",
        "A chair that rises", DIRECT, 390_000,
    ),
    # Notional: the NHS pays the provider.
    Life(
        "margaret", "Margaret|Entwistle", "9993211745", C.CHC, 91, "marta", 98_000,
        "I was a district nurse and I know when a bed is badly made.",
        "Hospital corners. A window. My budgerigar.", "My niece Pauline.", "I am cared for as I cared for others.",
        "Care at home, four visits a day", NOTIONAL,
    ),
    Life(
        "kateryna", "Kateryna|Bondar", "9993212113", C.CHC_FAST_TRACK, 64, "amara", 120_000,
        "I came from Kharkiv with two cats and a violin. I have weeks, they say, and I mean to hear music in them.",
        "My daughter by me. No pain. Music.", "My daughter Oksana; the hospice line at night.",
        "I am at home and not in pain.", "Nursing at home, day and night", NOTIONAL,
        needs="Speaks Ukrainian and some English. Oksana interprets.",
    ),
    Life(
        "meera", "Meera|Joshi", "9993212482", C.LTC, 45, "tunde", 24_000,
        "I teach yoga to people who cannot sit cross-legged, and now I cannot.",
        "My classes. My mother’s house. Calm.", "My mother, Sushila.", "I teach once a week.",
        "An agency’s support worker", NOTIONAL,
    ),
    # Mixed.
    Life(
        "thomas", "Thomas|Connors", "9993212857", C.CHC, 50, "bethan", 99_000,
        "I am a Traveller, a grandfather and a horse man. My lungs are bad.",
        "Fresh air. My horses. My family round me.", "My eldest, Thomas Óg.", "I sleep and breathe safely.",
        "Night nurses, and my own people by day", AND_NOTIONAL,
    ),
    Life(
        "liwei", "Li Wei|Zhang", "9993213225", C.S117, 31, "rhodri", 57_000,
        "I write code. The voices have opinions about it.", "Night work, quiet mornings. Noodles with friends.",
        "My flatmate Ben, then the crisis line.", "I keep my job.", "A support worker, and a coach at work",
        AND_NOTIONAL,
    ),
    Life(
        "beatrice", "Beatrice|Amoah", "9993213594", C.CHC, 68, "shabnam", 88_000,
        "I was a midwife. Half of Toxteth came into the world through these hands.",
        "My hands held. My church. Being useful.", "My son Kojo.", "I go to church and to the mothers’ group.",
        "Night nurses, and workers of Heron Lane by day", AND_ISF,
    ),
    # Third-party budgets (ISF), one for each thing that can become of an offer.
    Life(
        "doreen", "Doreen|Birtwistle", "9993213969", C.CHC, 74, "amara", 81_000,
        "I was a clippie on the trams. I like to know where we are going.",
        "A walk every day. My stories. Bingo.", "My friend Vera.", "I go out every day.",
        "Workers employed by Heron Lane", ISF,
    ),
    Life(
        "lakshmi", "Lakshmi|Subramaniam", "9993214337", C.CHC, 59, "rhodri", 77_000,
        "I danced Bharatanatyam and taught it. My feet no longer obey; my eyes still dance.",
        "My pupils. A vegetarian kitchen. Jasmine.", "My husband Ravi.", "I teach from my chair.",
        "Workers employed by Heron Lane", ISF,
    ),
    Life(
        "kwame", "Kwame|Mensah-Boyd", "9993214701", C.LD_AUTISM, 27, "shabnam", 69_000,
        "I like cooking shows and doing what they do.", "My kitchen. My own shopping list.", "My mum, Efua.",
        "I cook supper for my friends.", "Support workers for cooking and shopping", ISF,
        needs="Easy read, and time.",
    ),
    Life(
        "piotr", "Piotr|Kaczmarek", "9993215074", C.CHC, 46, "rhodri", 93_000,
        "I was a long-distance driver. Now I travel by map.", "My maps. My sons. Quiet after nine.",
        "My wife Ewa.", "I am turned and fed by people who know how.", "Workers trained for my feeding tube", ISF,
        needs="First language Polish.",
    ),
    Life(
        "marlene", "Marlene|Joseph", "9993215449", C.CHC, 63, "amara", 72_000,
        "I ran a hair salon; my own is grey and I like it so.", "Company. Soca. A proper cup of tea.",
        "My daughter Chantelle.", "I go to the salon on Fridays.", "Workers who come every day", ISF,
    ),
    Life(
        "samuel", "Samuel|Okello", "9993215813", C.S117, 42, "shabnam", 45_000,
        "I drive a forklift and write hymns.", "Work in the mornings. Choir on Thursdays.",
        "My wife Grace.", "I keep my job and my health.", "A support worker", ISF,
    ),
    Life(
        "hamid", "Hamid|Rezaei", "9993216186", C.CHC, 54, "rhodri", 84_500,
        "I was an engineer in Isfahan and a taxi driver here. I beat everybody at chess.",
        "Chess. Persian tea. My daughter’s wedding in the spring.", "My wife Shirin.",
        "I walk my daughter down the aisle, one way or another.", "Workers employed by Mersey Lives", ISF,
    ),
    # On the way to a budget, or turned back.
    Life(
        "fatima", "Fatima|Al-Sayed", "9993216550", C.LTC, 39, "amara", 23_500,
        "I am a seamstress and a widow. I am tired in a way that sleep does not mend.",
        "My boys. My sewing. A day without pain.", "My sister Huda.", "I work three mornings a week.",
        "An assistant, and acupuncture", needs="Arabic interpreter for meetings.",
    ),
    Life(
        "kevin", "Kevin|Molyneux", "9993216925", C.S117, 53, "rhodri", 39_500,
        "I was a docker and a drinker. I am neither now.", "My allotment. Staying dry.", "My sponsor, Terry.",
        "I keep well and dig.", "A support worker on the allotment", NOTIONAL,
    ),
    Life(
        "sheila", "Sheila|Pickering", "9993217298", C.LTC, 72, "shabnam", 28_500,
        "I have danced on four cruises and mean to dance on a fifth. My joints disagree.",
        "The sea. Dancing. Company.", "My friend Barbara.", "I am well enough to travel.",
        "A companion for a cruise",
    ),
    Life(
        "ravi", "Ravi|Chandrasekaran", "9993217662", C.CHC, 48, "bethan", 82_000,
        "I am a chemist with motor neurone disease. I should like to choose while I can.",
        "My family. My mind. My voice, while I have it.", "My wife Anjali.", "I stay at home with my children.",
        "Personal assistants",
    ),
    Life(
        "joanna", "Joanna|Sikora", "9993218030", C.DISCHARGE, 60, "tunde", 33_000,
        "I broke my hip and then the other one. I want to go home.", "My own bed. My stairs, if I can.",
        "My neighbour Pat.", "I go home and stay there.", "Help at home for the first weeks", NOTIONAL,
    ),
    Life(
        "anthea", "Anthea|Fairhurst", "9993218405", C.CHC, 69, "marta", 76_500,
        "I was a magistrate and still decide things.", "Being consulted. My garden. The news at ten.",
        "My brother Giles.", "I live at home and keep my committees.", "Two personal assistants",
    ),
)  # fmt: skip

LIFE: dict[str, Life] = {life.key: life for life in LIVES}
PLACE: dict[str, int] = {life.key: place for place, life in enumerate(LIVES)}
