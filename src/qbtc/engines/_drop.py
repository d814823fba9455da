"""Launcher: as root, give up root for good, then become another program. Run as `python -I -S _drop.py JSON`.

PostgreSQL refuses to run as root, and a QBTC_HOME of root is (rightly) closed to everyone else. So this makes a mount
namespace of its own, in which the few folders that the program needs appear under one small read-only root, changes to
an otherwise unused user id, and executes. Nothing outside the namespace changes: no user is added, no mode of a parent
folder touched. Standard library only; the JSON holds no secrets.

    {"uid": 61200, "argv": [...], "env": {...}, "parent": 123, "signal": 2,
     "root": "/mnt", "binds": [["QBTC_HOME/postgres", "home", true], ...]}      # source, name below root, writable

An empty list of binds means: no namespace, only the other user id.
"""

import ctypes
import json
import os
import sys

CLONE_NEWNS = 0x00020000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT = 0x1, 0x2, 0x4, 0x20
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
REFUSED = 77  # exit code: the namespace was refused (containers); the caller falls back

libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: "str | None", flags: int, data: "str | None" = None) -> None:
    encoded = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    if libc.mount(encoded[0], encoded[1], encoded[2], ctypes.c_ulong(flags), encoded[3]) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"mount {target}: {os.strerror(number)}")


def name_the_user(root: str, uid: int) -> None:
    """initdb insists on a name for its user id: give it one in a passwd that only this namespace sees."""
    path = os.path.join(root, "passwd")  # noqa: PTH118
    with open(path, "w") as file:  # noqa: PTH123
        file.write(f"qbtc:x:{uid}:{uid}::/:/bin/false\n")
    os.chmod(path, 0o644)  # noqa: PTH101
    mount(path, "/etc/passwd", None, MS_BIND)


def enter_namespace(root: str, binds: "list[list[object]]", uid: int) -> None:
    if libc.unshare(CLONE_NEWNS) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"unshare: {os.strerror(number)}")
    mount("none", "/", None, MS_REC | MS_PRIVATE)
    os.umask(0o022)
    # opened inside the namespace and before `root` is covered: the sources may themselves be below `root`
    opened = [(os.open(str(source), os.O_PATH), str(name), bool(writable)) for source, name, writable in binds]
    mount("tmpfs", root, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=64k")
    for descriptor, name, writable in opened:
        target = os.path.join(root, name)  # noqa: PTH118
        os.makedirs(target, exist_ok=True)  # noqa: PTH103
        mount(f"/proc/self/fd/{descriptor}", target, None, MS_BIND | MS_REC)
        if not writable:
            mount("none", target, None, MS_REMOUNT | MS_BIND | MS_RDONLY)
        os.close(descriptor)
    name_the_user(root, uid)
    mount("none", root, None, MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV)


def become(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def main() -> int:  # noqa: RET503
    order = json.loads(sys.argv[1])
    if order["binds"]:
        try:
            enter_namespace(order["root"], order["binds"], order["uid"])
        except OSError as error:
            print(f"no mount namespace: {error}", file=sys.stderr)
            return REFUSED
    become(order["uid"])
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_PDEATHSIG, order["signal"], 0, 0, 0)  # after setuid, which clears it
    if os.getppid() != order["parent"]:
        return 1
    os.chdir("/")
    os.umask(0o077)
    os.execve(order["argv"][0], order["argv"], order["env"])  # noqa: S606


if __name__ == "__main__":
    raise SystemExit(main())
