"""Public names of a package, whose modules are imported only when a name is first used."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any


def names(
    package: str, modules: dict[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Return the `__getattr__`, `__dir__` and `__all__` of a package (PEP 562).

    Parameters
    ----------
    package : str
        Its ``__name__``.
    modules : dict of str to str
        The public names of each module of the package, separated by spaces. The module's own
        name works, too.

    Examples
    --------
    >>> getattribute, _, every = names("motiflab.layers", {"activations": "relu sigmoid"})
    >>> every, float(getattribute("relu")(-1.0))
    (['relu', 'sigmoid'], 0.0)
    """
    home = {name: module for module in modules for name in modules[module].split()}
    # Of a module further down, such as "course.lectures", only the folder is an attribute.
    inside = {module.partition(".")[0] for module in modules}

    def __getattr__(name: str) -> Any:
        if name in home:
            return getattr(import_module(f"{package}.{home[name]}"), name)
        if name in inside:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*home, *inside})

    return __getattr__, __dir__, list(home)
