"""A county's people: the tree of units, households with their residents and cards, and who holds which office."""

from xiangyue.people.models.appointments import (
    Appointment,
    Body,
    Capacity,
    OfficeRule,
    PeopleRules,
    SeatRule,
)
from xiangyue.people.models.households import Card, CardTry, FormerPlace, Household, Mentorship, Standing
from xiangyue.people.models.residents import (
    Circumstance,
    Consent,
    Contribution,
    FormerHousehold,
    Gift,
    Hardship,
    Kin,
    Kinship,
    Relation,
    Resident,
    Sex,
)
from xiangyue.people.models.units import Joining, JoiningStep, Level, Unit

__all__ = [
    "Appointment",
    "Body",
    "Capacity",
    "Card",
    "CardTry",
    "Circumstance",
    "Consent",
    "Contribution",
    "FormerHousehold",
    "FormerPlace",
    "Gift",
    "Hardship",
    "Household",
    "Joining",
    "JoiningStep",
    "Kin",
    "Kinship",
    "Level",
    "Mentorship",
    "OfficeRule",
    "PeopleRules",
    "Relation",
    "Resident",
    "SeatRule",
    "Sex",
    "Standing",
    "Unit",
]
