"""Templates, by Jinja2: a small part of its language, over plain values, within bounds.

Whoever writes a template owns the machine; what must not happen is that a slip in it, or a word of a feed, stops
alerts. So the language is cut down to what a message needs: values and their fields, `if`, `for`, `set`, comparisons
and a few filters. There is nothing to call and nothing to reach but the fields, which are texts, numbers and lists;
loops take so many steps together, and a text grows to so many characters, whatever the template says.

Imported only where a channel has a template.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import jinja2
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from monitor.alerts.fields import Value
from monitor.alerts.lines import starred
from monitor.alerts.template_filters import FILTERS, LONGEST, OutOfBoundsError, bounded, shown, trimmed
from monitor.alerts.template_slips import LOOP, TESTS, Slip, find, slips
from monitor.alerts.wording import TemplateFailed
from monitor.model.alerts import Marked
from monitor.text.cutting import cut

MOST_STEPS = 20_000
"""turns of all loops of one message"""
LARGEST = 64_000
"""characters of a template"""
_STEPS = " steps"
"""where the count of steps is kept: no name that a template can write"""
_NO_ITEM = re.compile(r"^'list object' has no attribute '(-?\d+)'$")
_NO_FIELD = re.compile(r"^'[\w ]+ object' has no attribute '([^']*)'$")
_QUOTED = re.compile(r"'([^']+)'")


@dataclass(slots=True)
class _Steps:
    left: int = MOST_STEPS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            message = f"its loops take more than {MOST_STEPS:,} turns"
            raise OutOfBoundsError(message)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 with nothing to reach but the fields."""

    intercepted_binops = frozenset({"+"})

    def getattr(self, obj: object, attribute: str) -> object:
        """A field, or a fact about a loop; attributes of Python's own there are none."""
        if isinstance(obj, LoopContext):
            return getattr(obj, attribute) if attribute in LOOP else self.undefined(obj=obj, name=attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        """A field by its name, or an item of a list by its number."""
        if isinstance(obj, Undefined):
            return str(obj)  # raises what is undefined
        if isinstance(obj, Mapping) and isinstance(argument, str) and argument in obj:
            return obj[argument]
        if isinstance(obj, list | tuple) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except (IndexError, ValueError):
                pass
        return self.undefined(obj=obj, name=str(argument))

    def is_safe_attribute(self, obj: object, attr: str, value: object) -> bool:  # noqa: ARG002 - the library's signature
        """None is: `getattr` above has asked for none."""
        return False

    def is_safe_callable(self, obj: object) -> bool:  # noqa: ARG002 - the library's signature
        """Nothing is called."""
        return False

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:  # noqa: ARG002
        """Adding, which is the only one that is asked for, within bounds."""
        if isinstance(left, str) and isinstance(right, str):
            return bounded(left + right)
        if isinstance(left, int) and isinstance(right, int):
            return left + right
        message = "+ adds two numbers or two texts"
        raise TypeError(message)


@dataclass(frozen=True, slots=True)
class Template:
    """A template that is sound, for text or for HTML."""

    source: str
    is_html: bool
    _code: jinja2.Template = field(repr=False)

    def show(self, pieces: Sequence[Marked]) -> str:
        """Pieces with their matches in asterisks, or in `<mark>`."""
        return marked_html(pieces) if self.is_html else starred(pieces)

    def __call__(self, fields: Mapping[str, Value]) -> str | TemplateFailed:
        """What it makes of these fields. In HTML every text of them is escaped."""
        written: list[str] = []
        length = 0
        try:
            for piece in self._code.generate({**fields, _STEPS: _Steps()}):
                length += len(piece)
                if length > LONGEST:
                    return TemplateFailed(what=f"it makes more than {LONGEST:,} characters")
                written.append(piece)
        except (
            TemplateError,
            OutOfBoundsError,
            ArithmeticError,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
        ) as error:
            return TemplateFailed(what=_said(error), place=_place_of(self.source, error))
        except (RecursionError, MemoryError):
            return TemplateFailed(what="it asks for too much")
        return trimmed("".join(written))


def compile_template(source: str, *, is_html: bool) -> Template | tuple[Slip, ...]:
    """The template, or all that is wrong with it that can be seen without carrying it out."""
    if len(source) > LARGEST:
        return (Slip(place=0, what=f"a template has at most {LARGEST:,} characters"),)
    environment = _environment(is_html=is_html)
    try:
        tree = environment.parse(source)
        if found := tuple(slips(tree, source)):
            return found
        _count_steps(tree, environment)
        return Template(source, is_html, environment.from_string(tree))
    except TemplateSyntaxError as error:
        return (Slip(place=find(source, error.lineno, *_QUOTED.findall(error.message or "")), what=_said(error)),)
    except (RecursionError, MemoryError, SyntaxError, ValueError, OverflowError):
        return (Slip(place=0, what="nested too deeply, or a number too long"),)


def marked_html(pieces: Sequence[Marked]) -> str:
    """Pieces as HTML, the matches in `<mark>`; every word of them escaped."""
    return Markup().join(
        Markup("<mark>{}</mark>").format(piece.words) if piece.is_match else escape(piece.words) for piece in pieces
    )


def _environment(*, is_html: bool) -> _Sandbox:
    environment = _Sandbox(
        undefined=StrictUndefined,
        autoescape=is_html,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,  # nothing is carried out while it is compiled
        cache_size=0,
        finalize=shown,
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.filters |= {**FILTERS, _STEPS: _counted}
    environment.tests = {name: test for name, test in environment.tests.items() if name in TESTS}
    return environment


def _count_steps(tree: nodes.Template, environment: _Sandbox) -> None:
    """Make every loop count its turns, and every joining of texts keep to the bounds."""
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, _STEPS, [], [], None, None, lineno=loop.lineno)
    for node in list(tree.find_all(nodes.Node)):
        for name, value in node.iter_fields():
            if isinstance(value, nodes.Concat):
                setattr(node, name, _joining(value))
            elif isinstance(value, list):
                value[:] = [_joining(one) if isinstance(one, nodes.Concat) else one for one in value]
    tree.set_environment(environment)


def _joining(node: nodes.Concat) -> nodes.Filter:
    together = nodes.List(node.nodes, lineno=node.lineno)
    return nodes.Filter(together, "join", [nodes.Const("")], [], None, None, lineno=node.lineno)


@pass_context
def _counted(context: Context, items: object) -> Iterator[object]:
    if isinstance(items, Undefined):
        str(items)
    if not isinstance(items, list | tuple):
        message = "a loop goes through a list"
        raise TypeError(message)
    steps = context.resolve(_STEPS)
    for item in items:
        steps.take()
        yield item


def _said(error: BaseException) -> str:
    if isinstance(error, SecurityError):
        return "nothing can be called or reached but the fields"
    text = " ".join(str(error).split())
    text = _NO_ITEM.sub(r"there is no item \1, the list is shorter", text)
    text = _NO_FIELD.sub(r"there is no field \1 here", text)
    return cut(text or type(error).__name__, 200)


def _place_of(source: str, error: BaseException) -> int:
    """Where in the template it happened: the library puts the template's own lines into the traceback."""
    line, trace = 0, error.__traceback__
    while trace is not None:
        if "__jinja_exception__" in trace.tb_frame.f_globals:
            line = trace.tb_lineno
        trace = trace.tb_next
    return find(source, line) if line else 0
