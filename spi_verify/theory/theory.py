"""Theories: names for definitions, and variants of them.

A definition is a function that takes the theory and z3 terms and returns a formula. One with
parameters becomes a predicate symbol of that name with the axiom "for all arguments, the
predicate holds exactly where the formula does"; one without parameters is that formula. A
definition refers to others through the theory it is given, so that a variant reaches everything
that is built on it.

A formula without parameters that may be taken for granted is declared an :func:`axiom`. Any other
may be true or false: it is a claim, which has to be proved as a lemma or supposed as a hypothesis.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import z3

from spi_verify.errors import InputError
from spi_verify.theory.formulas import functions_of
from spi_verify.theory.signature import symbols
from spi_verify.theory.terms import Formula

Body = Callable[..., Formula]
"""Takes a theory and terms; returns a formula."""


@dataclass(frozen=True)
class Definition:
    """A named formula.

    Parameters
    ----------
    name
        As in the paper, in snake case.
    body
        Takes the theory and one term for each of ``sorts``.
    sorts
        The parameters' sorts; empty for a definition that is a closed formula.
    symbols
        Of an :func:`axiom`, the symbols that it says everything about; None for other formulas.
    """

    name: str
    body: Body
    sorts: tuple[z3.SortRef, ...] = ()
    symbols: tuple[z3.FuncDeclRef, ...] | None = None

    @property
    def is_claim(self) -> bool:
        """Whether this is a closed formula that may be true or false."""
        return not self.sorts and self.symbols is None

    @property
    def about(self) -> tuple[z3.FuncDeclRef, ...]:
        """The predicate that it defines, or the symbols that an axiom says everything about."""
        return (_predicate(self),) if self.sorts else self.symbols or ()

    @property
    def parameters(self) -> list[str]:
        """Names of the parameters after the theory."""
        return list(inspect.signature(self.body).parameters)[1:]


def define(*sorts: z3.SortRef) -> Callable[[Body], Definition]:
    """Make a definition of a function, with the sorts of its parameters after the theory.

    Without sorts it is a claim, which no statement may list among its definitions.
    """
    return lambda body: Definition(body.__name__, body, sorts)


def axiom(*symbols: z3.FuncDeclRef | z3.ExprRef) -> Callable[[Body], Definition]:
    """Make a definition of a closed formula that statements may take for granted.

    Parameters
    ----------
    symbols
        Those of the signature that mean nothing else: whatever mentions one of them has to be
        consistent with the formula, whether a proof uses it or not. None for a formula that
        only some statements are about, such as which program game is played, or induction.
    """
    functions = tuple(
        symbol if isinstance(symbol, z3.FuncDeclRef) else symbol.decl() for symbol in symbols
    )
    return lambda body: Definition(body.__name__, body, symbols=functions)


def carried_out_by(program: Callable[..., object]) -> Callable[[Body], Body]:
    """Say which class of programs or functions carries out a definition, or which function does.

    Parameters
    ----------
    program
        The class. Searches and counterexamples run it where a theory has this formula, if the
        paper that says so is a shipped one. Of a definition of a player and a program that a
        paper adds, it is the class whose programs, or functions, are held against the formula.
        Of a changed definition of how programs run, such as ``algorithm_2``, it is the function
        that runs them; see :data:`spi_verify.programs.running.execution.Code`.
    """

    def mark(body: Body) -> Body:
        body.carried_out_by = program  # type: ignore[attr-defined]
        return body

    return mark


def collected(names: Mapping[str, object]) -> tuple[Definition, ...]:
    """Return the definitions of a module, in their order."""
    return tuple(value for value in names.values() if isinstance(value, Definition))


class Theory(Mapping[str, Definition]):
    """Definitions by name; immutable.

    ``theory.pmp(i, x, a)`` is the predicate ``pmp`` applied to terms, ``theory.algorithm_1()``
    the closed formula of that name, and ``theory.axiom("pmp")`` the formula to assert where a
    step uses the definition.

    Examples
    --------
    >>> from spi_verify.theory import PAPER
    >>> from spi_verify.theory.signature import Outcome
    >>> a = z3.Const("a", Outcome)
    >>> PAPER.efficient(a)
    efficient(a)
    >>> everything = PAPER.with_(efficient=lambda theory, a: z3.BoolVal(True))
    >>> everything.axiom("efficient")
    ForAll(a, efficient(a) == True)
    """

    def __init__(
        self, definitions: Mapping[str, Definition], awaiting: Mapping[str, Body] | None = None
    ) -> None:
        self._definitions = dict(definitions)
        self._awaiting = dict(awaiting or {})
        self._axioms: dict[str, Formula] = {}
        self._meanings: dict[str, tuple[list[z3.ExprRef], Formula]] = {}
        self._about: dict[z3.FuncDeclRef, list[str]] = {}
        self._wellfounded: set[str] = set()
        self._checks: dict[str, Callable[[str], None]] = {}

    def __getitem__(self, name: str) -> Definition:
        return self._definitions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def __getattr__(self, name: str) -> Callable[..., Formula]:
        if name.startswith("_") or name not in self._definitions:
            raise AttributeError(f"the theory has no definition {name!r}", name=name, obj=self)
        definition = self._definitions[name]
        if not definition.sorts:
            return partial(definition.body, self)
        return _predicate(definition)

    def with_(self, **bodies: Body) -> Theory:
        """Return the theory in which some definitions are replaced by variants.

        Raises
        ------
        InputError
            When a name is not defined, a variant takes another number of arguments, or a claim is
            to take the place of an axiom.
        """
        if not bodies:
            return self
        definitions = dict(self._definitions)
        for name, body in bodies.items():
            if name not in definitions:
                known = ", ".join(sorted(definitions))
                raise InputError(f"there is no definition {name!r}; there are {known}")
            definitions[name] = _varied(definitions[name], body)
        return Theory(definitions, self._awaiting)

    def awaiting(self, **bodies: Body) -> Theory:
        """Return the theory with variants of definitions that are added to it later."""
        return Theory(self._definitions, {**self._awaiting, **bodies})

    @property
    def awaited(self) -> tuple[str, ...]:
        """Names of the definitions that have variants wherever they are added."""
        return tuple(self._awaiting)

    def and_(self, *definitions: Definition) -> Theory:
        """Return the theory with definitions more, in their variants where those are awaited.

        Raises
        ------
        InputError
            When it has one of that name, the name means something else already, or a variant
            takes another number of arguments.
        """
        added = dict(self._definitions)
        for definition in definitions:
            name = definition.name
            if name in self._definitions:
                raise InputError(f"there is a definition {name!r}; replace it by name")
            if name in symbols() or hasattr(Theory, name):
                raise InputError(f"{name!r} means something else already: choose another name")
            variant = self._awaiting.get(name)
            added[name] = definition if variant is None else _varied(definition, variant)
        return Theory(added, self._awaiting)

    def require_wellfounded(self, *names: str) -> None:
        """Make sure that definitions are formulas, and that none rests on itself.

        Raises
        ------
        InputError
            When one is none, or does.
        """

        def visit(name: str, above: tuple[str, ...]) -> None:
            if name in above:
                circle = " -> ".join([*above[above.index(name) :], name])
                raise InputError(f"definitions rest on each other in a circle: {circle}")
            if name in self._wellfounded:
                return
            for other in sorted({one.name() for one in functions_of(self._meaning(name)[1])}):
                if other in self and self._definitions[other].sorts:
                    visit(other, (*above, name))
            self._wellfounded.add(name)

        for name in names:
            visit(name, ())

    def check_when_asserted(self, names: Iterable[str], check: Callable[[str], None]) -> None:
        """Have a function check each of some definitions before its formula is first asserted.

        Evaluating hundreds of which a run needs a few takes longer than the run.
        """
        self._checks |= dict.fromkeys(names, check)

    def axiom(self, name: str) -> Formula:
        """Return the formula that asserts a definition.

        Raises
        ------
        InputError
            When a variant does not return a formula.
        """
        if name not in self._axioms:
            if name in self._checks:
                self._checks[name](name)
            terms, formula = self._meaning(name)
            if terms:
                formula = z3.ForAll(terms, _predicate(self._definitions[name])(*terms) == formula)
            self._axioms[name] = formula
        return self._axioms[name]

    def names_about(self, symbol: z3.FuncDeclRef) -> Sequence[str]:
        """Return the names of the definitions that are about a symbol."""
        if not self._about:
            for name, definition in self._definitions.items():
                for defined in definition.about:
                    self._about.setdefault(defined, []).append(name)
        return self._about.get(symbol, ())

    def _meaning(self, name: str) -> tuple[list[z3.ExprRef], Formula]:
        """Return the parameters of a definition, and the formula that it stands for."""
        if name not in self._meanings:
            self._meanings[name] = self._evaluated(name)
        return self._meanings[name]

    def _evaluated(self, name: str) -> tuple[list[z3.ExprRef], Formula]:
        definition = self._definitions[name]
        terms = [
            z3.Const(parameter, sort)
            for parameter, sort in zip(definition.parameters, definition.sorts, strict=True)
        ]
        if not terms:
            return terms, _formula(definition, self, terms)
        # By other names first: a constant of its own with a parameter's name would not be seen.
        others = [z3.FreshConst(sort) for sort in definition.sorts]
        formula = _formula(definition, self, others)
        constants = {one.name() for one in functions_of(formula) if not one.arity()}
        own = constants & set(definition.parameters)
        if own:
            raise InputError(
                f"the definition {name!r} has a constant {min(own)!r} beside its parameter of "
                "that name: rename one"
            )
        formula = z3.substitute(formula, *zip(others, terms, strict=True))
        return terms, formula


def _varied(old: Definition, body: Body | Definition) -> Definition:
    """Return a definition with another formula."""
    name = old.name
    if isinstance(body, Definition):
        if body.is_claim and not old.is_claim:
            raise InputError(
                f"{body.name!r} is a claim, so it cannot be a variant of {name!r}: "
                "declare it with spi_verify.theory.axiom"
            )
        body = body.body
    variant = dataclasses.replace(old, body=body)
    try:
        parameters = variant.parameters
    except (TypeError, ValueError, z3.Z3Exception):
        raise InputError(f"the variant of {name!r} is no function") from None
    if len(parameters) != len(old.sorts):
        wanted = ", ".join(["theory", *old.parameters])
        given = ", ".join(["theory", *parameters] if parameters else ["theory"])
        raise InputError(
            f"the variant of {name!r} must take the arguments ({wanted}), and takes ({given})"
        )
    return variant


def _formula(definition: Definition, theory: Theory, terms: Sequence[z3.ExprRef]) -> Formula:
    try:
        formula = definition.body(theory, *terms)
    except (Exception, SystemExit) as error:
        raise InputError(f"the definition {definition.name!r} makes no formula: {error}") from error
    if not z3.is_bool(formula):
        raise InputError(f"the definition {definition.name!r} returns no formula")
    return formula


def _predicate(definition: Definition) -> z3.FuncDeclRef[..., Formula]:
    return z3.Function(definition.name, *definition.sorts, z3.BoolSort())
