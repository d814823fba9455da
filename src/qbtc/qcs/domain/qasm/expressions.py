"""Parameter expressions: numbers, pi, names of parameters, + - * / ^, unary minus and six functions.

An expression is a function of the values of the parameters in scope, so that a gate body is parsed once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from .lexer import Cursor, Token

Values = Mapping[str, float]
Expression = Callable[[Values], float]

MAX_NESTING = 60
_FUNCTIONS: dict[str, Callable[[float], float]] = {
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "exp": math.exp,
    "ln": math.log,
    "sqrt": math.sqrt,
}
_OPERATIONS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}


class ExpressionParser:
    """Recursive descent; `names` are the parameters that may be used."""

    def __init__(self, cursor: Cursor, names: tuple[str, ...] = ()) -> None:
        self._c, self._names, self._depth = cursor, names, 0

    def parse(self) -> Expression:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self._c.error(f"an expression is nested deeper than {MAX_NESTING} levels")
        value = self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._unary))
        self._depth -= 1
        return value

    def _chain(self, signs: tuple[str, ...], operand: Callable[[], Expression]) -> Expression:
        left = operand()
        while self._c.now.kind == "symbol" and self._c.now.text in signs:
            sign = self._c.next()
            left = self._binary(sign, left, operand())
        return left

    def _unary(self) -> Expression:
        negative = False
        while self._c.now.text in ("-", "+") and self._c.now.kind == "symbol":
            negative ^= self._c.next().text == "-"
        value = self._power()
        return (lambda v: -value(v)) if negative else value

    def _power(self) -> Expression:
        base = self._atom()
        if self._c.now.kind == "symbol" and self._c.now.text == "^":
            sign = self._c.next()
            self._depth += 1
            if self._depth > MAX_NESTING:
                raise self._c.error(f"an expression is nested deeper than {MAX_NESTING} levels")
            value = self._binary(sign, base, self._unary())
            self._depth -= 1
            return value
        return base

    def _atom(self) -> Expression:
        token = self._c.now
        if token.kind in ("real", "int"):
            number = float(self._c.next().text)
            return lambda _: number
        if self._c.accept("("):
            inner = self.parse()
            self._c.expect(")")
            return inner
        if token.kind == "id":
            return self._named(self._c.next())
        raise self._c.error(f"found {token.text!r}", expected="a number, pi, a parameter, a function or '('")

    def _named(self, token: Token) -> Expression:
        name = token.text
        if name == "pi":
            return lambda _: math.pi
        if name in self._names:
            return lambda v: v[name]
        if name in _FUNCTIONS:
            self._c.expect("(")
            inner = self.parse()
            self._c.expect(")")
            return self._guarded(token, lambda v: _FUNCTIONS[name](inner(v)))
        known = ", ".join(("pi", *self._names, *_FUNCTIONS))
        raise self._c.error(f"unknown name {name!r} in an expression", expected=f"one of {known}", at=token)

    def _binary(self, sign: Token, left: Expression, right: Expression) -> Expression:
        operation = _OPERATIONS[sign.text]
        return self._guarded(sign, lambda v: operation(left(v), right(v)))

    def _guarded(self, token: Token, compute: Expression) -> Expression:
        """The same function with arithmetic faults told at the place that caused them."""

        def evaluate(values: Values) -> float:
            try:
                result = compute(values)
            except (ArithmeticError, ValueError) as error:
                raise self._c.error(f"{token.text!r} cannot be computed: {error}", at=token) from None
            if isinstance(result, complex) or not math.isfinite(result):
                raise self._c.error(f"{token.text!r} gives {result}, not a finite real number", at=token)
            return result

        return evaluate
