# ruff: noqa: E501
"""Counterexamples found by `spi-verify refute`, executed again without a solver."""

import json

import pytest

from spi_verify.counterexamples.file import confirm_saved

REFUTATIONS = json.loads(
    r"""
[
 {
  "schema": "spi-verify/refutation/1",
  "statement": "thm-3-pmm",
  "without": [],
  "definitions": {},
  "formulas": {},
  "kind": "programs",
  "programs": {
   "game": {
    "players": [
     "Player 1",
     "Player 2"
    ],
    "actions": [
     [
      "Slot 1",
      "Slot 2",
      "Slot 3"
     ],
     [
      "Slot 1",
      "Slot 2",
      "Slot 3"
     ]
    ],
    "payoffs": [
     [
      [
       "3",
       "1"
      ],
      [
       "0",
       "0"
      ],
      [
       "0",
       "0"
      ]
     ],
     [
      [
       "0",
       "0"
      ],
      [
       "1",
       "3"
      ],
      [
       "0",
       "0"
      ]
     ],
     [
      [
       "0",
       "0"
      ],
      [
       "0",
       "0"
      ],
      [
       "1",
       "1"
      ]
     ]
    ]
   },
   "play": "correlated",
   "kind": "csr",
   "defaults": [
    [
     "(always \"Slot 1\")"
    ],
    [
     "(always \"Slot 2\")"
    ]
   ],
   "programs": [
    [
     "(csr (leximin) (always \"Slot 1\") (both (improving) (set [1 3])))"
    ],
    [
     "(csr (leximin) (always \"Slot 2\") (both (improving) (set [3 1])))"
    ]
   ],
   "selection": "(leximin)",
   "beliefs": [
    [
     {
      "probability": "1",
      "opponents": [
       "(always \"Slot 2\")"
      ]
     }
    ],
    [
     {
      "probability": "1",
      "opponents": [
       "(always \"Slot 1\")"
      ]
     }
    ]
   ],
   "equilibrium": [
    "(csr (leximin) (always \"Slot 1\") (both (improving) (set [1 3])))",
    "(csr (leximin) (always \"Slot 2\") (both (improving) (set [3 1])))"
   ]
  },
  "hypotheses": [
   {
    "name": "selection-function",
    "check": "(leximin) maximises a score that strictly increases under domination"
   },
   {
    "name": "transitive-selection",
    "check": "(leximin) maximises a score that strictly increases under domination"
   },
   {
    "name": "csr-not-punished",
    "check": "programs that do not renegotiate are constants here"
   },
   {
    "name": "extension-not-punished",
    "check": "no believed function looks at the others' functions, whatever they are"
   },
   {
    "name": "extensions-exist",
    "check": "P^RN holds every function, so it holds the extended ones"
   },
   {
    "name": "correlated-randomisation",
    "check": "the feasible set is the convex hull of the payoffs"
   },
   {
    "name": "subjective-equilibrium",
    "check": "executed; optimal among all programs of the space, by bound"
   },
   {
    "name": "somebody-below-the-pmm",
    "check": "evaluated for everybody and everything listed"
   }
  ],
  "conclusion": "the extended profile pays player 1 0, less than the PMM of 1",
  "story": [
   "2 players, lotteries (told by what they pay) over the outcomes of a 3 x 3 game; PMM = (1, 1).",
   "Default programs: P_1 = {always Slot 1}, P_2 = {always Slot 2}; the selection function is leximin.",
   "p_1 is CSR with default always Slot 1 and RN^1 = (1, 3) where this improves.",
   "p_2 is CSR with default always Slot 2 and RN^2 = (3, 1) where this improves.",
   "Player 1 is certain of always Slot 2, player 2 of always Slot 1.",
   "At the default outcome (Slot 1, Slot 2), which pays (0, 0), p_1 offers (1, 3), and p_2 offers (3, 1). They agree on nothing, and U(p) = (0, 0).",
   "Against p'_2, p_1 reaches the point (1, 3): its PMP-extension p'_1 adds PMP_1 of this, (1, 3), which p_1 offers anyway.",
   "Against p'_1, p_2 reaches the point (3, 1): its PMP-extension p'_2 adds PMP_2 of this, (3, 1), which p_2 offers anyway.",
   "The projections added are of different outcomes, and the other player does not offer them: p'_1 offers (1, 3), and p'_2 offers (3, 1). They agree on nothing, and U(p') = (0, 0).",
   "So the extended profile pays player 1 0, less than the PMM of 1."
  ]
 },
 {
  "schema": "spi-verify/refutation/1",
  "statement": "prop-5-best-response",
  "without": [],
  "definitions": {},
  "formulas": {},
  "kind": "iterated",
  "iterated": {
   "game": {
    "players": [
     "Player 1",
     "Player 2"
    ],
    "actions": [
     [
      "Slot 1",
      "Slot 2",
      "Slot 3"
     ],
     [
      "Slot 1",
      "Slot 2",
      "Slot 3"
     ]
    ],
    "payoffs": [
     [
      [
       "3",
       "1"
      ],
      [
       "0",
       "0"
      ],
      [
       "0",
       "0"
      ]
     ],
     [
      [
       "0",
       "0"
      ],
      [
       "1",
       "3"
      ],
      [
       "0",
       "0"
      ]
     ],
     [
      [
       "0",
       "0"
      ],
      [
       "0",
       "0"
      ],
      [
       "1",
       "1"
      ]
     ]
    ]
   },
   "play": "correlated",
   "selection": "(leximin)",
   "rounds": 1,
   "delta": [
    "1/10",
    "1/10"
   ],
   "defaults": [
    [
     "(always \"Slot 1\")"
    ],
    [
     "(always \"Slot 2\")"
    ]
   ],
   "epsilon": [
    "1/10",
    "1/10"
   ],
   "likelihood": "1/10",
   "player": 1,
   "better": "(icsr (leximin) (always \"Slot 1\") (take (dictator 1)))"
  },
  "hypotheses": [
   {
    "name": "selection-function",
    "check": "(leximin) picks an efficient point of every closed set of payoffs"
   },
   {
    "name": "transitive-selection",
    "check": "(leximin) picks the first point of a fixed order in which better for all comes first, so that points that improve on the pick can only lead to an improvement"
   },
   {
    "name": "projections-nonempty",
    "check": "two players with lotteries (def-6-nonempty/repaired), and computed where pure"
   },
   {
    "name": "at-least-two-players",
    "check": "there are two players"
   },
   {
    "name": "best-payoffs-attained",
    "check": "u* = (3, 3), attained at efficient corners"
   },
   {
    "name": "pmm-feasible",
    "check": "a lottery pays the PMM (1, 1)"
   },
   {
    "name": "bargaining-problem",
    "check": "no pure outcome pays both players their best payoff, so no lottery does"
   },
   {
    "name": "non-zero-sum",
    "check": "the mean of all outcomes, (5/9, 5/9), is not efficient"
   },
   {
    "name": "defaults-at-most-pmm",
    "check": "the default programs pay (0, 0)"
   },
   {
    "name": "small-gains-feasible",
    "check": "lotteries pay all of the way from the PMM to (11/10, 11/10)"
   },
   {
    "name": "corner-efficient",
    "check": "(29/10, 11/10) and (11/10, 29/10) are efficient"
   },
   {
    "name": "likelihood-small",
    "check": "ending a round earlier is worth 6/5 < 29/10 and 6/5 < 29/10"
   }
  ],
  "conclusion": "p_1 is no best response: it earns 29/10, and another program 291/100, 1/100 more",
  "story": [
   "The PMM is (1, 1), the best payoffs u* are (3, 3).",
   "Player 1's default programs: (always \"Slot 1\").",
   "Player 2's default programs: (always \"Slot 2\").",
   "There are K = 1 rounds; the selection function is (leximin).",
   "Player 1 believes with probability 1/10 that the other will in the end accept anything (up to 3 for player 1), and otherwise up to 29/10.",
   "p_1 of the proof gets 29/10 from the first and 29/10 from the second, 29/10 in expectation.",
   "The program (icsr (leximin) (always \"Slot 1\") (take (dictator 1))) gets 3 and 29/10, 291/100 in expectation.",
   "It earns more however small the positive probability of the first."
  ]
 }
]
"""
)


@pytest.mark.parametrize("refutation", REFUTATIONS, ids=lambda refutation: refutation["statement"])
def test_the_counterexample_still_refutes(refutation):
    assert confirm_saved(refutation).conclusion == refutation["conclusion"]
