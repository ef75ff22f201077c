"""Names that a package hands on without loading the modules they live in until one is asked for."""

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
        The public names of each module of the package, separated by spaces. A module itself can
        be had by its own name, too.

    Examples
    --------
    >>> getattribute, _, every = names("motiflab.layers", {"activations": "relu sigmoid"})
    >>> every, float(getattribute("relu")(-1.0))
    (['relu', 'sigmoid'], 0.0)
    """
    home = {name: module for module in modules for name in modules[module].split()}

    def __getattr__(name: str) -> Any:
        if name in home:
            return getattr(import_module(f"{package}.{home[name]}"), name)
        if name in modules:
            return import_module(f"{package}.{name}")
        raise AttributeError(f"module {package!r} has no attribute {name!r}")

    return __getattr__, lambda: sorted({*home, *modules}), list(home)
