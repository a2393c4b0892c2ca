"""What a project's document says in its own way, and what pages make of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a project's document says in extensions and in names of its own, the table ``[conventions]``.

    ``parameters`` and ``response`` name extensions whose text follows the parameters and the return values;
    ``remarks`` maps extensions onto a sentence that stands where they are true (``{}`` takes their value);
    ``sample_parameters`` names an extension that says which parameters generated examples show or leave out;
    ``standard_fields`` are return values that every answer has: they stand folded, at the end.
    """

    parameters: tuple[str, ...] = ()
    response: tuple[str, ...] = ()
    remarks: dict[str, str] = field(default_factory=dict)
    standard_fields: tuple[str, ...] = ()
    sample_parameters: str = ""
