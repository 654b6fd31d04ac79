"""Types of formulas and terms, one for each sort of the signature.

A type checker so sees a player where an outcome belongs. When the code runs, every term is a
``z3.ExprRef``, whose sort z3 checks where a function is applied.
"""

from __future__ import annotations

from typing import NewType

import z3

Formula = z3.BoolRef
"""What is true or false."""
Number = z3.ArithRef
"""A payoff, a probability, or another real number."""

PlayerTerm = NewType("PlayerTerm", z3.ExprRef)
ActionTerm = NewType("ActionTerm", z3.ExprRef)
OutcomeTerm = NewType("OutcomeTerm", z3.ExprRef)
ProgramTerm = NewType("ProgramTerm", z3.ExprRef)
ProfileTerm = NewType("ProfileTerm", z3.ExprRef)
RenegotiationTerm = NewType("RenegotiationTerm", z3.ExprRef)
SetFunctionTerm = NewType("SetFunctionTerm", z3.ExprRef)
SetFunctionsTerm = NewType("SetFunctionsTerm", z3.ExprRef)
OutcomeSetTerm = NewType("OutcomeSetTerm", z3.ExprRef)
SelectionTerm = NewType("SelectionTerm", z3.ExprRef)
PositionTerm = NewType("PositionTerm", z3.ExprRef)
PlaceTerm = NewType("PlaceTerm", z3.ExprRef)
PayoffsTerm = NewType("PayoffsTerm", z3.ExprRef)
BeliefTerm = NewType("BeliefTerm", z3.ExprRef)
