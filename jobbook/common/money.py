"""Money, quantities and rates: integers in the database, Decimal in Python. The only place that rounds.

`DecimalField` on SQLite keeps floats, so sums and comparisons in SQL are off; a subclass of an integer field
would let `F("total") + 5` add five cents. `FixedField` is neither: it stores `value * 10**places` as BIGINT,
and every expression that would mix it with a bare number or another unit is refused.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models import lookups
from django.db.models.expressions import (
    Combinable,
    Expression,
    Func,
    Value,
    register_combinable_fields,
)
from django.db.models.functions import Coalesce

CENT = Decimal("0.01")
LIMIT = Decimal(10) ** 11  # 10^13 cents: no overflow in 64-bit sums
# ISO 4217 currencies that do not have two decimals
_OTHER_DECIMALS = frozenset(
    {"BHD", "BIF", "CLF", "CLP", "DJF", "GNF", "IQD", "ISK", "JOD", "JPY", "KMF", "KRW", "KWD", "LYD"}
    | {"OMR", "PYG", "RWF", "TND", "UGX", "UYI", "UYW", "VND", "VUV", "XAF", "XOF", "XPF"}
)


def round_money(value: Decimal) -> Decimal:
    """`value` to the cent, half away from zero, so that a credit mirrors its invoice."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def round_quantity(value: Decimal) -> Decimal:
    """`value` to the four decimals of quantities and prices, half away from zero."""
    return value.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def line_amount(quantity: Decimal, unit_price: Decimal) -> Decimal:
    """Quantity x unit price to the cent."""
    return round_money(quantity * unit_price)


def tax_amount(base: Decimal, rate: Decimal) -> Decimal:
    """Tax of `rate` percent on `base`, to the cent."""
    return round_money(base * rate / 100)


def allocate(total: Decimal, shares: Sequence[Decimal]) -> list[Decimal]:
    """Spread `total` (to the cent) over exact `shares` that sum to about it: largest remainder.

    Each share is rounded toward zero; the missing cents go, one each, to the shares whose remainder has their
    sign, the largest first, ties to the earlier one.
    """
    cents = [int(share * 100) for share in shares]  # int() rounds toward zero
    remainders = [share * 100 - whole for share, whole in zip(shares, cents, strict=True)]
    missing = int(total * 100) - sum(cents)
    step = 1 if missing > 0 else -1
    order = sorted(range(len(shares)), key=lambda i: (-remainders[i] * step, i))
    for count in range(abs(missing)):
        cents[order[count % len(order)]] += step
    return [Decimal(cent).scaleb(-2) for cent in cents]


def has_two_decimals(currency: str) -> bool:
    """Job Book counts in hundredths, and so in most currencies."""
    return currency not in _OTHER_DECIMALS


def format_money(value: Decimal) -> str:
    """1234.5 -> '1,234.50', -3 -> '-3.00'. Screens show negatives in parentheses, see the `money` filter."""
    return f"{value:,.2f}"


def format_hours(value: Decimal) -> str:
    """8 -> '8.00', 7.3333 -> '7.3333': two decimals, four where two do not tell it."""
    return f"{value:,.2f}" if value == value.quantize(CENT) else f"{value:,.4f}"


def format_quantity(value: Decimal) -> str:
    """Up to four decimals, at least none: 3 -> '3', 2.5000 -> '2.5'."""
    return f"{value.normalize():f}"


class FixedField(models.Field):  # type: ignore[type-arg]
    """A number of fixed decimal places. Subclasses set `places` and `unit`; only equal units meet in SQL."""

    places: int = 4
    unit: str = "fixed"
    description = "Number of fixed decimal places, kept as an integer"

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or value == "":
            return None
        if isinstance(value, float):
            raise ValidationError(f"{self.name}: a float is not an exact number.")
        try:
            number = Decimal(value)
        except ArithmeticError as error:
            raise ValidationError(f"{value!r} is not a number.") from error
        if not number.is_finite():
            raise ValidationError(f"{value!r} is not a number.")
        if number != number.quantize(Decimal(1).scaleb(-self.places)):
            raise ValidationError(f"{value} has more than {self.places} decimals.")
        return number

    def get_prep_value(self, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, (float, str, bool)):
            raise TypeError(f"{self.unit} must be a Decimal or a whole number, not {type(value).__name__}.")
        number = self.to_python(value)
        return None if number is None else int(number.scaleb(self.places))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Decimal | None:
        if value is None:
            return None
        if int(value) != value:
            raise FieldError(
                f"{expression!r} is not exact: averages and shares of {self.unit} are worked out in Python."
            )
        return Decimal(int(value)).scaleb(-self.places)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        refuse_other_unit(self, value)
        return "%s"

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Any:
        from django.forms import DecimalField

        return super().formfield(**{"form_class": DecimalField, "decimal_places": self.places, **kwargs})


class MoneyField(FixedField):
    """An amount with two decimals, kept in cents."""

    places = 2
    unit = "money"


class QuantityField(FixedField):
    """A quantity or a number of hours, four decimals."""

    unit = "quantity"


class PriceField(FixedField):
    """A unit price, four decimals."""

    unit = "unit price"


class RateField(FixedField):
    """A rate in percent, four decimals."""

    unit = "rate"


def refuse_other_unit(field: FixedField, value: Any) -> None:
    """Raise FieldError when an SQL expression of another unit would meet a column of `field`."""
    if not isinstance(value, (Expression, Combinable)):
        return
    other = getattr(value, "_output_field_or_none", None)
    if other is None and isinstance(value, Value) and value.value is None:
        return
    if not isinstance(other, FixedField) or other.unit != field.unit:
        kind = type(other).__name__ if other is not None else "a value without a unit"
        raise FieldError(f"{field.unit} cannot meet {kind} in SQL; use jobbook.common.money.money().")


class _SameUnit(lookups.Lookup):
    def get_prep_lookup(self) -> Any:
        field = self.lhs.output_field
        for value in self.rhs if isinstance(self.rhs, (list, tuple, set)) else [self.rhs]:
            refuse_other_unit(field, value)
        return super().get_prep_lookup()


def _register() -> None:
    for lookup in (
        lookups.Exact,
        lookups.GreaterThan,
        lookups.GreaterThanOrEqual,
        lookups.LessThan,
        lookups.LessThanOrEqual,
        lookups.In,
        lookups.Range,
    ):
        FixedField.register_lookup(type(f"Fixed{lookup.__name__}", (_SameUnit, lookup), {}))
    for field in (MoneyField, QuantityField, PriceField, RateField):
        for connector in (Combinable.ADD, Combinable.SUB):
            register_combinable_fields(field, connector, field, field)


_register()


def money(value: str | Decimal | int) -> Value:
    """A constant amount for SQL: `money("5.00")`."""
    return Value(Decimal(value), output_field=MoneyField())


def money_sum(name: str, **kwargs: Any) -> models.Sum:
    """The sum of a money column, 0.00 for no rows."""
    return models.Sum(name, default=Decimal(0), **kwargs)


def line_sum(lines: models.QuerySet[Any], name: str, *, by: str) -> Expression:
    """The sum of a column of `lines` for the row they hang on, as an annotation; nothing is 0.

    `lines` are limited by OuterRef to the rows with the same `by`, their foreign key.
    """
    field = lines.model._meta.get_field(name)
    sums = lines.order_by().values(by).annotate(sum=models.Sum(name)).values("sum")
    return Coalesce(models.Subquery(sums), Value(Decimal(0), output_field=type(field)()))


class ShareUsed(Func):
    """How much of `whole` is used by `part`, two expressions of money not below zero, as `share_used` tells it; NULL
    where there is no whole. Whole numbers all the way: a sum is numeric on PostgreSQL, so it is divided by DIV.
    """

    arity = 2
    output_field = models.BigIntegerField()

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        (part, part_params), (whole, whole_params) = map(compiler.compile, self.source_expressions)
        whole, whole_params = f"NULLIF({whole}, 0)", tuple(whole_params)
        used = f"{part} * 10000 + {whole} - 1"
        sql = f"DIV({used}, {whole})" if connection.vendor == "postgresql" else f"(({used}) / {whole})"
        return sql, (*part_params, *whole_params, *whole_params)


def share_used(part: Decimal, whole: Decimal | None) -> int | None:
    """How much of `whole` is used by `part`, in hundredths of a per cent and rounded up: above 10,000 it is more than
    the whole, by a cent too. None where there is no whole. Both are not below zero.
    """
    return -(-int(part * 100) * 10_000 // int(whole * 100)) if whole else None


def total_of(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of amounts, 0.00 for none."""
    return sum(amounts, Decimal("0.00"))


def bounds(name: str) -> models.Q:
    """The CHECK condition that keeps a money column within +-10^13 cents."""
    return models.Q(**{f"{name}__gte": -LIMIT, f"{name}__lte": LIMIT})
