"""What each person wants, what will help, and what it costs: the plans and budgets of the demo world.

Costs are pence a week and pence once. Pay is by the hour: 72 hours a week at £13.50 is 972.00. Of the first two people
the pay and what an employer owes on it are worked out by the portal.
"""

from __future__ import annotations

from dataclasses import dataclass

from phbportal.domain.budgets import LineType as T
from phbportal.domain.plans import Share
from phbportal.domain.regulated_care import Activity, GivenBy
from phbportal.domain.streams import Frequency, Method
from phbportal.domain.workings import BASIS, Answers

NOTIONAL, DIRECT = Method.NOTIONAL, Method.DIRECT_PAYMENT


@dataclass(frozen=True, slots=True)
class Cost:
    """A budget line; ``stream`` is the place of its stream among the plan's methods. With ``answers`` it is worked out,
    and ``worker`` is whose pay it is."""

    line_type: T
    weekly_pence: int = 0
    one_off_pence: int = 0
    stream: int = 0
    words: str = ""
    answers: Answers | None = None
    worker: str = ""


def worked(line_type: T, quantity: int = 100, price: int = 0, *, stream: int = 0, worker: str = "") -> Cost:
    """A line that is worked out: a quantity in hundredths, and pence for each of them."""
    answers = Answers(BASIS[line_type], quantity, price, 5_200, claims_allowance=line_type is T.EMPLOYER_NI)
    return Cost(line_type, stream=stream, answers=answers, worker=worker)


@dataclass(frozen=True, slots=True)
class Helper:
    """A personal assistant: the hours of a week in hundredths."""

    name: str
    hours: int
    price_pence: int = 1_350


@dataclass(frozen=True, slots=True)
class Aim:
    """An outcome, the service that helps with it, and what that costs. ``care`` is what of it must be registered, and
    ``agency`` who gives it: a name and an invented number of the CQC's, or None for whoever is employed or holds the
    money."""

    outcome: str
    measure: str
    service: str
    who: str
    when: str
    costs: tuple[Cost, ...]
    share: Share = Share.NOBODY
    care: Activity = Activity.NONE
    given_by: GivenBy | None = None
    agency: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A plan's words, its aims, and the costs that are for no one service."""

    about_me: str
    what_matters: str
    contingency: str
    methods: tuple[Method, ...]
    aims: tuple[Aim, ...]
    on_costs: tuple[Cost, ...] = ()
    frequency: Frequency = Frequency.FOUR_WEEKLY
    workers: tuple[Helper, ...] = ()
    expected_pence: int = 0
    """What the indicative budget says a week where the lines are yet to be worked out; the sum of the lines if 0."""


NIGHTINGALE, HOME_CARE = ("Wirral Night Nursing", "1-990000011"), ("Grange Road Home Care", "1-990000012")
"""Agencies as if from the CQC's directory; the numbers are invented."""

SCRIPTS: dict[str, Script] = {
    "rosalind": Script(
        "I taught geography for twenty years. I have multiple sclerosis and use a powered chair. I live with my "
        "husband, Chidi, and our two cats.",
        "Choosing who comes into my home and when. Getting out at least three times a week. Not being hurried.",
        "If an assistant is ill, the other one is asked first, then Chidi, then the agency on the fridge door.",
        (DIRECT,),
        (
            Aim(
                "I get up, wash and go to bed when I choose.", "I say so at each review.",
                "Two personal assistants, employed by me", "My personal assistants", "72 hours a week", (
                    worked(T.PA_WAGE, 4_000, 1_350, worker="Bronagh Tully"),
                    worked(T.PA_WAGE, 3_200, 1_350, worker="Idris Vaughan"),
                    worked(T.PA_COVER, 7_200, 1_350),
                    Cost(T.RECRUITMENT, 0, 15_000), Cost(T.TRAINING, 0, 25_000),
                ), Share.NOMINEE, Activity.PERSONAL_CARE, GivenBy.EMPLOYED,
            ),
            Aim(
                "I swim every week and see my friends.", "At least three outings a week.",
                "Swimming and accessible taxis", "Me, with an assistant", "Tuesdays, and when I like",
                (Cost(T.ACTIVITY, 4_500), Cost(T.TRANSPORT, 2_509)),
            ),
        ),
        (
            worked(T.EMPLOYER_NI), worked(T.EMPLOYER_PENSION), worked(T.PAYROLL, 200, 960),
            Cost(T.THERAPY, 7_684, words="Physiotherapy at home"),
            Cost(T.INSURANCE, 0, 9_900), worked(T.DBS, 200, 4_950),
        ),
        workers=(Helper("Bronagh Tully", 4_000), Helper("Idris Vaughan", 3_200)), expected_pence=120_000,
    ),
    "gareth": Script(
        "I was a signalman. Since my stroke I need help to move, by day and by night. I do not hear well on the "
        "telephone.",
        "Staying in my own house. Sleeping through. Sunday dinner with my daughter.",
        "If the night carer does not come, the agency sends another within the hour; my daughter has a key.",
        (NOTIONAL, DIRECT),
        (
            Aim(
                "I sleep safely and am turned in the night.", "No sore skin.", "Waking night care",
                "Night nurses of an agency the NHS pays", "Four nights a week", (Cost(T.AGENCY, 40_000),),
                Share.PROVIDER, Activity.NURSING_CARE, GivenBy.ORGANISATION, NIGHTINGALE,
            ),
            Aim(
                "I walk to the garden and back.", "The physiotherapist’s count each month.",
                "A personal assistant by day", "My assistant, Huw", "36 hours a week",
                (
                    worked(T.PA_WAGE, 3_600, 1_350, stream=1, worker="Huw Bevan"),
                    worked(T.PA_COVER, 3_600, 1_350, stream=1),
                ),
            ),
            Aim(
                "I go to chapel and to the railway club.", "Once a week each.", "Getting out", "Huw and I",
                "Sundays and Wednesdays", (Cost(T.ACTIVITY, 5_594, stream=1), Cost(T.TRANSPORT, 4_253, stream=1)),
            ),
        ),
        (
            worked(T.EMPLOYER_NI, stream=1), worked(T.EMPLOYER_PENSION, stream=1),
            worked(T.PAYROLL, 100, 960, stream=1),
        ),
        workers=(Helper("Huw Bevan", 3_600),), expected_pence=105_000,
    ),
    "wilfred": Script(
        "I came from Lagos in 1961 and built ships at Cammell Laird. My wife Grace and I have been married 60 years.",
        "Staying with Grace. Carers who know me. Highlife music in the morning.",
        "Grace calls the agency’s night line. If she is ill, our son Tayo stays.",
        (NOTIONAL,),
        (
            Aim(
                "I am washed, dressed and fed with respect.", "Grace and I say so.",
                "Care at home, four visits a day", "The same five carers of one agency", "Every day",
                (Cost(T.AGENCY, 118_000),), Share.PROVIDER, Activity.PERSONAL_CARE, GivenBy.ORGANISATION, HOME_CARE,
            ),
            Aim(
                "I swallow safely and enjoy my food.", "No chest infections this winter.",
                "Speech and language therapy", "A therapist", "Every week", (Cost(T.THERAPY, 13_000),),
            ),
        ),
    ),
    "mei": Script(
        "I am a weaver. I came home from hospital in the spring and want to stay well.",
        "My loom. Quiet mornings. People who tell me the truth.",
        "My early signs are on the card in my purse. Call my sister Lan, then the crisis line.",
        (NOTIONAL,),
        (
            Aim(
                "I keep a steady week.", "I stay out of hospital.", "A support worker", "A support worker I have met",
                "Three mornings a week", (Cost(T.AGENCY, 42_000),),
            ),
            Aim(
                "I sell my weaving again.", "A stall by the summer.", "Art therapy and a studio place",
                "The weavers’ studio", "Thursdays", (Cost(T.THERAPY, 8_000), Cost(T.ACTIVITY, 4_000)),
            ),
        ),
    ),
    "emrys": Script(
        "I farmed until my accident. I breathe with a machine at night.",
        "My dogs. Being outside in all weathers. Welsh spoken at home.",
        "The ventilator team’s number is on the machine. My brother Ifan is trained to help.",
        (DIRECT,),
        (
            Aim(
                "I am safe at night and up by six.", "No alarms left unanswered.",
                "A team of personal assistants, trained for my ventilator", "Three assistants", "70 hours a week",
                (Cost(T.PA_WAGE, 94_500), Cost(T.PA_COVER, 10_177), Cost(T.RECRUITMENT, 0, 15_000)),
            ),
            Aim(
                "I do not run short of what I need.", "A month’s supplies in the cupboard.",
                "Supplies that are not on prescription", "Ordered by my assistant", "Monthly",
                (Cost(T.CONSUMABLES, 3_380),),
            ),
        ),
        (
            Cost(T.EMPLOYER_NI, 7_600), Cost(T.EMPLOYER_PENSION, 1_900), Cost(T.PAYROLL, 443),
            Cost(T.INSURANCE, 0, 9_900),
        ),
    ),
    "zainab": Script(
        "I am a pharmacist and mother of three. Pain keeps me in bed some days.",
        "Being there when the children come home. Working two days a week.",
        "My husband Imran works from home on bad days.",
        (DIRECT,),
        (
            Aim(
                "I have the strength to work two days a week.", "I work two days a week by the spring.",
                "A personal assistant on bad mornings, and physiotherapy", "An assistant and a physiotherapist",
                "16 hours a week, and every Friday", (Cost(T.PA_WAGE, 21_600), Cost(T.THERAPY, 9_178)),
            ),
        ),
        (Cost(T.PAYROLL, 222),),
    ),
    "frances": Script(
        "I ran a dance school. My hands and legs do not do as they are told now, but my mind does.",
        "Music. Looking smart. My grandchildren.",
        "My neighbour Jean has a key.",
        (DIRECT,),
        (
            Aim(
                "I choose who helps me.", "I interview them myself.", "Personal assistants", "Assistants I choose",
                "60 hours a week", (Cost(T.PA_WAGE, 81_000), Cost(T.PA_COVER, 8_723)),
            ),
        ),
        (Cost(T.PAYROLL, 777),),
    ),
    "noah": Script(
        "Noah is 12. He loves trains, water and his sister Amber. He has a feeding tube and needs somebody trained "
        "with him.",
        "School with his friends. Swimming. His mother sleeping.",
        "Mum first, then Dad, then the children’s community nurses.",
        (NOTIONAL,),
        (
            Aim(
                "Noah is well enough to go to school each day.", "School attendance.", "Trained carers at home",
                "Carers trained by the community nurses", "25 hours a week", (Cost(T.AGENCY, 62_000),),
            ),
            Aim(
                "Noah swims, and the family rests.", "One weekend a month.", "Short breaks and a pool hoist sling",
                "A short-break house he knows", "One weekend a month",
                (Cost(T.SHORT_BREAK, 7_000), Cost(T.EQUIPMENT, 0, 24_000)),
            ),
        ),
    ),
    "ivor": Script(
        "I kept pigeons all my life. Since my stroke I know what I want and cannot always find the words.",
        "My pigeons. Nerys not having to run everything. Being asked, and given time to answer.",
        "Nerys first, then the agency. My medicines are in the kitchen, on the left.",
        (DIRECT,),
        (
            Aim(
                "I am up, washed and fed each day.", "Every morning by nine.", "Personal assistant, mornings",
                "Dai, whom I know", "28 hours a week", (Cost(T.PA_WAGE, 37_800), Cost(T.EMPLOYER_NI, 3_200)),
                Share.NOMINEE, Activity.PERSONAL_CARE, GivenBy.EMPLOYED,
            ),
            Aim(
                "I get to the loft and the club.", "Twice a week.", "Taxi to the pigeon club", "A taxi firm",
                "Twice a week", (Cost(T.TRANSPORT, 4_000),), Share.NOMINEE,
            ),
        ),
    ),
    "tamsin": Script(
        "I am 15. I play wheelchair basketball and I will not be called brave.",
        "My team. Doing my exams. Deciding things myself.",
        "Dad first, then my aunt Carol.",
        (DIRECT,),
        (
            Aim(
                "I train with my team.", "Two evenings a week.", "Personal assistant, evenings", "Somebody my own age",
                "10 hours a week", (Cost(T.PA_WAGE, 13_500), Cost(T.EMPLOYER_NI, 900)), Share.ALL,
            ),
        ),
    ),
    "dorothy": Script(
        "I kept the post office in our village for 31 years and know everybody.",
        "My own front door. A proper cup of tea. The Friday quiz.",
        "The warden, then my niece Alison.",
        (DIRECT,),
        (
            Aim(
                "I stay in my bungalow.", "I am still here next year.", "Two personal assistants",
                "Assistants from the village", "45 hours a week",
                (Cost(T.PA_WAGE, 60_750), Cost(T.PA_COVER, 6_543), Cost(T.CONSUMABLES, 564)),
            ),
        ),
        (Cost(T.EMPLOYER_NI, 2_700), Cost(T.PAYROLL, 443), Cost(T.INSURANCE, 0, 9_900)),
    ),
    "harpreet": Script(
        "I drive a hard bargain and used to drive a bus. I was hurt in a crash and am learning to walk again.",
        "Getting strong. Cooking for my family. The gurdwara on Sundays.",
        "My brother lives next door and can come within ten minutes.",
        (DIRECT,),
        (
            Aim(
                "I stand and take ten steps.", "My physiotherapist counts.", "Personal assistants who do my exercises",
                "Two assistants", "54 hours a week",
                (Cost(T.PA_WAGE, 72_900), Cost(T.PA_COVER, 7_851), Cost(T.TRAINING, 0, 18_000)),
            ),
        ),
        (Cost(T.EMPLOYER_NI, 3_100), Cost(T.EMPLOYER_PENSION, 206), Cost(T.PAYROLL, 443), Cost(T.DBS, 0, 4_950)),
    ),
    "elzbieta": Script(
        "I bake. After a hard few years I have my own flat and a kitchen I love.",
        "Keeping the flat. Being paid weekly, so that I can see where I am.",
        "Call Basia, my support worker, or the crisis line.",
        (DIRECT,),
        (
            Aim(
                "I run my own flat.", "Bills paid, fridge full.", "A personal assistant", "Basia", "40 hours a week",
                (Cost(T.PA_WAGE, 54_000), Cost(T.PA_COVER, 5_815)),
            ),
            Aim(
                "I teach one baking class a month.", "Four classes by summer.", "The community kitchen",
                "I hire the kitchen", "Once a month", (Cost(T.ACTIVITY, 1_963),),
            ),
        ),
        (Cost(T.PAYROLL, 222),),
        Frequency.WEEKLY,
    ),
    "desmond": Script(
        "I like buses, drumming and knowing what happens next.",
        "The same faces. My timetable on the wall.",
        "Call my mother. Then call the team. Do not change the plan without telling me.",
        (NOTIONAL,),
        (
            Aim(
                "I go out every day.", "A sticker on the calendar.", "A support worker", "Joel or Amy",
                "Weekday afternoons", (Cost(T.AGENCY, 36_000), Cost(T.TRANSPORT, 6_000)),
            ),
            Aim(
                "I play in the band.", "Two concerts a year.", "Drumming with the band", "The band", "Mondays",
                (Cost(T.ACTIVITY, 6_000),),
            ),
        ),
    ),
}  # fmt: skip
