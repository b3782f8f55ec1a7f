"""Which file system a path lies on, read from the text of ``/proc/self/mountinfo``. Mounts nothing.

Format: proc_pid_mountinfo(5). Each line: mount id, parent id, major:minor, root, mount point, options,
any number of optional fields, a lone hyphen, file system type, source, super options. Blanks, tabs,
line ends and backslashes in the mount point are written as octal escapes.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

NETWORK_FILE_SYSTEMS: Final = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "9p", "afs", "auristorfs", "ceph", "coda", "davfs",
        "glusterfs", "gpfs", "lustre", "beegfs", "ncpfs", "ocfs2", "gfs2", "orangefs", "pvfs2",
        "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.ceph-fuse", "fuse.cephfs", "fuse.rclone",
        "fuse.s3fs", "fuse.davfs", "fuse.smbnetfs", "fuse.gvfsd-fuse", "fuse.juicefs", "fuse.mfs",
        "fuse.gcsfuse", "fuse.curlftpfs",
    }
)  # fmt: skip
"""Types on which file locks and shared memory do not hold between machines."""

_ESCAPE: Final = re.compile(r"\\([0-7]{3})")


def file_system_of(path: PurePosixPath, mountinfo: str) -> str | None:
    """Return the type of the file system that an absolute, resolved path lies on.

    The longest mount point that holds the path decides; of two at the same place the later one, for
    it covers the earlier. Lines that do not follow the format are passed over; ``None`` means unknown.
    """
    found: tuple[int, str] | None = None
    for line in mountinfo.splitlines():
        mount = _mount(line)
        if mount is None:
            continue
        point, kind = mount
        if path.is_relative_to(point) and (found is None or len(point.parts) >= found[0]):
            found = (len(point.parts), kind)
    return found[1] if found else None


def _mount(line: str) -> tuple[PurePosixPath, str] | None:
    fields = line.split(" ")
    if "-" not in fields[6:]:
        return None
    separator = fields.index("-", 6)
    if len(fields) <= separator + 1:
        return None
    point = _ESCAPE.sub(lambda match: chr(int(match.group(1), 8)), fields[4])
    return PurePosixPath(point), fields[separator + 1]
