#!/usr/bin/env python3
"""Second, independent verifier of Kentongan's history: Python 3's standard library and `openssl`.

  kentongan-verify.py --keys FILE FOLDER             the history's files
  kentongan-verify.py --keys FILE PACKAGE.zip        a package of evidence

The key list must come from the agencies themselves, not from what is verified: a line for each key,
VKEY [from=TIME] [until=TIME]. Exit status: 0 verified, 1 something is wrong, 64 usage, 66 no input.
Formats: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles, tlog-proof; RFC 6962.
"""
import argparse, base64, datetime, functools, hashlib, json, os, pathlib, re, struct, subprocess, sys
import tempfile, zlib

WIDTH, LOG, WITNESS, problems = 256, 1, 4, []
def bad(what, text, entry=None): problems.append((what, text, entry))
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
leaf, node = functools.partial(sha, b"\0"), functools.partial(sha, b"\1")
class Tree:
    """The root of a tree that grows leaf by leaf."""
    def __init__(self, leaves=()):
        self.size, self.peaks = 0, []
        for value in leaves:
            self.add(value)
    def add(self, value):
        self.peaks.append(value)
        ones, self.size = self.size, self.size + 1
        while ones & 1:
            self.peaks[-2:] = [node(*self.peaks[-2:])]
            ones >>= 1
    def root(self):
        return functools.reduce(lambda a, b: node(b, a), self.peaks[::-1]) if self.peaks else sha()
def included(value, index, size, proof, root):  # RFC 9162, 2.1.3.2
    if index >= size:
        return False
    here, last = index, size - 1
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            value = node(sibling, value)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            value = node(value, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and value == root
def exact64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64")
    return data
def parse_time(text):
    return datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d*", r"\1", text).replace("Z", "+00:00")).timestamp()
def parse_keys(path):
    keys = {}
    for words in filter(None, (line.split("#")[0].split() for line in open(path, encoding="utf-8"))):
        name, hexid, data = words[0].split("+", 2)
        data = exact64(data)
        identity = sha(name.encode(), b"\n", data)[:4]
        times = dict(word.split("=", 1) for word in words[1:])
        if (identity.hex(), len(data), data[0] in (LOG, WITNESS)) != (hexid, 33, True) or set(times) - {"from", "until"}:
            raise ValueError("not a verifier key: " + " ".join(words))
        keys[name, identity] = (data[0], data[1:], {k: parse_time(v) for k, v in times.items()})
    return keys
def openssl_verify(public, message, signature):
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("k", bytes.fromhex("302a300506032b6570032100") + public), ("m", message), ("s", signature)):
            pathlib.Path(folder, name).write_bytes(data)
        return subprocess.run("openssl pkeyutl -verify -pubin -keyform DER -inkey k -rawin -in m -sigfile s".split(),
                              cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
class Note:
    """A signed note; checkpoint() reads its text."""
    def __init__(self, raw):
        if any(byte < 32 and byte != 10 for byte in raw) or b"\n\n" not in raw or raw[-1:] != b"\n":
            raise ValueError("not a signed note")
        text, _, lines = raw.decode("utf-8").rpartition("\n\n")
        self.text = (text + "\n").encode()
        self.signatures = []
        for line in lines[:-1].split("\n"):
            dash, name, data = line.split(" ")
            data = exact64(data)
            if dash != "\u2014" or not name or len(data) < 5:
                raise ValueError("a signature line is damaged")
            self.signatures.append((name, data[:4], data[4:]))
    def checkpoint(self):
        origin, size, root = self.text.decode().split("\n")[:3]
        if not origin or not re.fullmatch("0|[1-9][0-9]*", size) or len(exact64(root)) != 32:
            raise ValueError("not a checkpoint")
        return origin, int(size), exact64(root)
    def check(self, keys, when=None, what="checkpoint"):
        """Times at which known keys signed, by (name, id); wrong ones are problems."""
        good, by_log = {}, False
        for name, identity, data in self.signatures:
            if (name, identity) not in keys:
                continue
            kind, public, times = keys[name, identity]
            at, message = when, self.text
            if kind == WITNESS:
                at, data = int.from_bytes(data[:8], "big"), data[8:]
                message = b"cosignature/v1\ntime %d\n" % at + self.text
            if not openssl_verify(public, message, data):
                bad("signature", f"{what}: the signature of {name} is not good")
            elif at is not None and not times.get("from", at) <= at <= times.get("until", at):
                bad("signature", f"{what}: {name} signed outside its key's time")
            else:
                good[name, identity] = at
                by_log = by_log or kind == LOG
        if not by_log:
            bad("signature", f"{what}: no key of the history in the list has signed it")
        return good
def read(*path): return pathlib.Path(*path).read_bytes()
def tile_path(level, index, width):
    out = "%03d" % (index % 1000)
    while index := index // 1000:
        out = "x%03d/%s" % (index % 1000, out)
    return f"tile/{level}/{out}" + ("" if width == WIDTH else f".p/{width}")
def parse_bundle(data, width):
    out, at = [], 0
    for _ in range(width):
        size = int.from_bytes(data[at:at + 2], "big")
        out.append(data[at + 2:at + 2 + size])
        at += 2 + size
    if at != len(data):
        raise ValueError("not %d entries" % width)
    return out
def read_tile(folder, level, index, width, parse):
    """A tile, or the beginning of the full one where the partial one is gone."""
    there = width if os.path.exists(os.path.join(folder, tile_path(level, index, width))) else WIDTH
    return parse(read(folder, tile_path(level, index, there)), there)[:width]
def parse_tile(data, width):
    if len(data) == 32 * width:
        return [data[i:i + 32] for i in range(0, len(data), 32)]
    raise ValueError("not %d hashes" % width)
def check_tile(folder, level, index, hashes):
    span = WIDTH ** level
    try:
        there = read_tile(folder, level, index, len(hashes), parse_tile)
        for low in [(index * WIDTH + i) * span for i, value in enumerate(hashes) if value != there[i]][:1]:
            known = [entry for *_, entry in problems if entry is not None and low <= entry < low + span]
            bad("tile", f"level {level}, tile {index}: not the entries' hash", min(known, default=low))
    except (OSError, ValueError) as error:
        bad("tile", f"level {level}, tile {index}: {error}", index * WIDTH * span)
def check_partials(folder, level, index, whole, parse):
    """Narrower files of the right edge, left by earlier checkpoints, are the beginning of it."""
    for file in pathlib.Path(folder, tile_path(level, index, WIDTH) + ".p").glob("*"):
        if re.fullmatch("[1-9][0-9]*", file.name) and int(file.name) < len(whole):
            try:
                good = parse(read(file), int(file.name)) == whole[:int(file.name)]
            except (OSError, ValueError):
                good = False
            if not good:
                bad("tile", f"{file} is not the beginning of what followed", index * WIDTH)
def time_of(entry):
    found = re.search(rb'"at":"([^"]*)"', entry)
    return parse_time(found[1].decode()) if found else None
def check_folder(folder, keys, against, patience):
    note = Note(read(folder, "checkpoint"))
    origin, size, root = note.checkpoint()
    older, witnessed = {}, []
    for (name, identity), (kind, _, _) in keys.items():
        if kind == WITNESS and patience:
            against = against + [os.path.join(folder, "cosigned", identity.hex())]
            witnessed.append((name, identity, against[-1]))
    for path in against:
        try:
            old = Note(read(path))
            good = old.check(keys, what=path)
            old_origin, old_size, old_root = old.checkpoint()
        except (OSError, ValueError) as error:
            bad("older", f"{path}: {error}"); continue
        who = [w[:2] for w in witnessed if w[2] == path]
        witnessed = [(*w[:2], good.get(w[:2], 0)) if w[2] == path else w for w in witnessed]
        if who and who[0] not in good:
            continue  # not the witness's word
        if old_origin != origin:
            bad("older", f"{path} is of {old_origin}")
        elif old_size > size:
            bad("older", f"truncated: {old_size} entries were signed for, {size} are left", size)
        else:
            older.setdefault(old_size, []).append(old_root)
    tree, levels, done, last = Tree(), [], [], None
    def up(level, value):
        if level == len(levels):
            levels.append([])
            done.append(0)
        levels[level].append(value)
        if len(levels[level]) == WIDTH:
            check_tile(folder, level, done[level], levels[level])
            full, levels[level], done[level] = levels[level], [], done[level] + 1
            up(level + 1, Tree(full).root())
    def compare():
        if any(old != tree.root() for old in older.get(tree.size, [])):
            bad("older", f"forked: not the first {tree.size} entries that were signed for")
    compare()
    for index in range((size + WIDTH - 1) // WIDTH):
        width = min(WIDTH, size - index * WIDTH)
        try:
            entries = read_tile(folder, "entries", index, width, parse_bundle)
        except (OSError, ValueError) as error:
            entries = [b""] * width; bad("entry", f"bundle {index}: {error}", index * WIDTH)
        for entry in entries:
            tree.add(leaf(entry))
            compare()
            up(0, leaf(entry))
        last = time_of(entries[-1]) or last
        if width < WIDTH:
            check_partials(folder, "entries", index, entries, parse_bundle)
    for level, hashes in enumerate(levels):
        if hashes:
            check_tile(folder, level, done[level], hashes)
            check_partials(folder, level, done[level], hashes, parse_tile)
    if tree.root() != root:
        bad("checkpoint", "the entries do not give the root that was signed")
    note.check(keys, last)
    for name, _, at in witnessed:
        if not isinstance(at, (int, float)) or last and last - at > patience:
            bad("signature", f"witness {name} has not signed lately")
    print(f"{origin}: {size} entries, root {base64.b64encode(root).decode()}")
def seals_of(index, entry):
    """The digests of alerts in an entry: (alert, index, digest)."""
    value = json.loads(entry)
    updated = {value["alert"]: value["digest"]} if value.get("kind") == "alert" else value.get("updated", {})
    return [(alert, index, digest) for alert, digest in updated.items()]
def parse_package(data):
    """Names and contents of a ZIP in the one form that Kentongan writes: each byte is accounted for."""
    files, at, directory = {}, 0, b""
    while data[at:at + 4] == b"PK\3\4":
        size, length = struct.unpack("<IH", data[at + 22:at + 28])
        name, body = data[at + 30:at + 30 + length], data[at + 30 + length:at + 30 + length + size]
        fixed = struct.pack("<HHHHHIIIHH", 20, 0x800, 0, 0, 0x21, zlib.crc32(body), size, size, length, 0)
        if data[at + 4:at + 30] != fixed or len(body) != size or name.decode() in files:
            raise ValueError("not as it was written, at byte %d" % at)
        directory += (b"PK\1\2" + struct.pack("<H", 0x31E) + fixed +
                      struct.pack("<HHHII", 0, 0, 0, 0o100644 << 16, at) + name)
        files[name.decode()] = body
        at += 30 + length + size
    end = struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), at, 0)
    if data[at:] != directory + b"PK\5\6" + end:
        raise ValueError("not as it was written, at byte %d" % at)
    return files
def check_package(path, keys):
    files = parse_package(read(path))
    manifest = files.pop("manifest.json")
    note = Note(files.pop("manifest.note"))
    note.check(keys, what="manifest")
    if note.text != b"kentongan-evidence-package/v1\n" + hashlib.sha256(manifest).hexdigest().encode() + b"\n":
        bad("package", "the signature is of another manifest")
    listed = json.loads(manifest)["files"]
    for name in sorted(set(listed) | set(files)):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != listed.get(name, {}).get("sha256"):
            bad("package", f"{name} is not what the manifest says")
    checkpoint = Note(files["checkpoint"])
    origin, size, root = checkpoint.checkpoint()
    checkpoint.check(keys)
    seals = []
    for name in sorted(n for n in files if n.endswith(".tlog-proof")):
        head, _, signed = files[name].decode().partition("\n\n")
        lines, entry = head.split("\n"), files[name[:-len(".tlog-proof")] + ".json"]; index = int(lines[1][6:])
        if lines[0] != "c2sp.org/tlog-proof@v1" or Note(signed.encode()).text != checkpoint.text:
            bad("package", f"{name} is of another checkpoint", index)
        elif not included(leaf(entry), index, size, [exact64(h) for h in lines[2:]], root):
            bad("package", f"{name} does not prove its entry", index)
        seals += seals_of(index, entry)
    for name in sorted(n for n in files if re.fullmatch("alerts/[^/]+/alert.json", n)):
        alert = name.split("/")[1]
        salts = json.loads(files.get(f"alerts/{alert}/salts.json", b"[]"))
        _, index, digest = max([seal for seal in seals if seal[0] == alert] or [("", None, "")])
        if digest not in [sha(salt.encode(), files[name]).hex() for salt in salts]:
            bad("package", f"{name} is not what its entry sealed", index)
        known = {f"evidence/{i:03}.raw": item["sha256"] for i, item in
                 enumerate(json.loads(files[name])["kentongan"].get("evidence", []), 1)}
        for beside in sorted(n for n in files if re.fullmatch(f"alerts/{re.escape(alert)}/(files/.*|.*[.]raw)", n)):
            if sha(files[beside]).hex() != known.get(beside.split("/", 2)[2], beside.split("/")[-1]):
                bad("package", f"{beside} is not what the alert says")
    print(f"{path}: {len(files) + 2} files, of {origin} at {size} entries")
def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("what", help="folder of the history, or a package")
    options.add_argument("--keys", required=True, help="file of the keys of the log and of witnesses")
    options.add_argument("--against", action="append", default=[], help="a checkpoint known to be genuine")
    options.add_argument("--witnessed-within", type=float, default=3600, metavar="SECONDS", help="0: no need")
    options.error = lambda text: (print(f"kentongan-verify: {text}", file=sys.stderr), sys.exit(64))
    given = options.parse_args()
    try:
        keys = parse_keys(given.keys)
        os.stat(given.what)
    except (OSError, ValueError) as error:
        return print(f"kentongan-verify: {error}", file=sys.stderr) or 66
    try:
        check = (check_folder, given.against, given.witnessed_within) if os.path.isdir(given.what) else (check_package,)
        check[0](given.what, keys, *check[1:])
    except Exception as error:  # of hostile bytes, all that happens is that they do not verify
        bad("damaged", f"{type(error).__name__}: {error}")
    for what, text, entry in problems[:100]: print(what + ("" if entry is None else f" (entry {entry})") + f": {text}")
    entries = [entry for _, _, entry in problems if entry is not None]
    print("VERIFIED" if not problems else f"NOT VERIFIED: {len(problems)} problems" +
          (f"; the first bad entry is {min(entries)}" if entries else ""))
    return 1 if problems else 0
if __name__ == "__main__":
    sys.exit(main())
