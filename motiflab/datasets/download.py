"""Download a file and check its checksum."""

from __future__ import annotations

import os
import re
from pathlib import Path

from motiflab.checks import quoted, require

SECONDS = 30
"""Time in seconds after which a silent server is given up."""


def fetch(url: str, sha256: str, folder: str | os.PathLike = "downloads") -> Path:
    """Download a file once, through pooch, and return its path.

    Nothing is downloaded if the file exists with the right checksum. The file appears under its
    name only after it is complete and its checksum is right.

    Parameters
    ----------
    url : str
        Address of the file, which begins with ``http://`` or ``https://`` and ends with its name.
    sha256 : str
        Its checksum: 64 hexadecimal digits, as most archives give it.
    folder : path
        Folder for the file, created if needed.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        If there is no connection, an error of the server, an incomplete file, a wrong checksum, or
        a folder that cannot be written to. No broken file is left.

    Examples
    --------
    >>> fetch("genome.fa", "0" * 64)
    Traceback (most recent call last):
    motiflab.checks.ArgumentError: url must begin with http:// or https:// and end with the name \
of a file, got 'genome.fa'.
    """
    wanted = re.fullmatch(r"https?://[^/?#]+/(?:[^?#]*/)?([\w.+-]*\w)", str(url))
    require(
        "url",
        wanted,
        f"begin with http:// or https:// and end with the name of a file, got {quoted(url)}",
    )
    digits = str(sha256).lower()
    require("sha256", re.fullmatch("[0-9a-f]{64}", digits), "be 64 hexadecimal digits")
    import pooch
    import requests

    name, problem = wanted[1], ""
    pooch.get_logger().setLevel("WARNING")  # it would write on standard error
    try:
        load = pooch.HTTPDownloader(timeout=SECONDS)
        return Path(pooch.retrieve(url, digits, name, path=folder, downloader=load))
    except requests.HTTPError as error:
        problem = f"the server answered {error.response.status_code} ({error.response.reason})"
    except requests.exceptions.ChunkedEncodingError:
        problem = "the connection broke off before it was whole"
    except requests.RequestException:
        problem = "there is no connection to the server"
    except OSError as error:
        problem = f"{os.fspath(folder)} cannot be written to ({error.strerror})"
    except ValueError:  # pooch raises it for a wrong checksum
        problem = "its checksum is another one, so it was cut short, damaged or replaced"
    raise ValueError(f"{name} was not downloaded: {problem}.")
