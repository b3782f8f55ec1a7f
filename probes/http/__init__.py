"""HTTP and HTTPS: how long each phase of a request takes, and whether the answer is the expected one."""

from probes.http.declaration import HTTP
from probes.http.parameters import HttpParameters

__all__ = ["HTTP", "HttpParameters"]
