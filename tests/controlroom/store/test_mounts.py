"""Which file system a path lies on, from written mount tables."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controlroom.store.mounts import NETWORK_FILE_SYSTEMS, file_system_of

TABLE = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /srv/share rw,relatime shared:9 master:3 - nfs4 server:/x rw,vers=4.2
31 30 0:27 / /srv/share/local rw - tmpfs tmpfs rw
32 22 0:28 / /mnt/with\\040blank rw - fuse.sshfs user@host:/ rw
33 22 0:29 / /twice rw - nfs server:/y rw
34 33 0:30 / /twice rw - ext4 /dev/vdb rw
a line that is none
35 22 0:31 / /short
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/home/desk/data", "ext4"),
        ("/srv/share", "nfs4"),
        ("/srv/share/data", "nfs4"),
        ("/srv/shared", "ext4"),
        ("/srv/share/local/data", "tmpfs"),
        ("/mnt/with blank/data", "fuse.sshfs"),
        ("/twice/data", "ext4"),
        ("/short/data", "ext4"),
    ],
)
def test_the_nearest_mount_decides(path: str, kind: str) -> None:
    """The longest mount point that holds the path counts, whole names only, and the later of two."""
    assert file_system_of(PurePosixPath(path), TABLE) == kind


def test_an_unknown_place_is_unknown() -> None:
    """Without a mount table nothing is claimed."""
    assert file_system_of(PurePosixPath("/data"), "") is None


def test_network_file_systems_are_known() -> None:
    """The common ones are refused and those of a local disk are not."""
    assert {"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs"} <= NETWORK_FILE_SYSTEMS
    assert not {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "zfs"} & NETWORK_FILE_SYSTEMS


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    """No mount table, however odd, makes reading it fail."""
    file_system_of(PurePosixPath("/data"), text)
