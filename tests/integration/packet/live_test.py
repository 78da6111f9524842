#!/usr/bin/env python3
"""Compares our packet collector with tshark, field by field, on traffic of real programs.

live_test.py PROGRAM: PROGRAM is kentongan-packet-events. Exits 0 when both agree, 1 with the
differences, 77 where namespaces, captures or programs that it needs are not to be had.
KENTONGAN_KEEP=DIR keeps the capture there.
"""

import collections
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import traffic
import wire

TYPES = {"1": "A", "2": "NS", "5": "CNAME", "6": "SOA", "12": "PTR", "15": "MX", "16": "TXT", "28": "AAAA",
         "33": "SRV", "64": "SVCB", "65": "HTTPS", "255": "ANY", "257": "CAA", "41": "OPT"}
CODES = {"0": "NOERROR", "2": "SERVFAIL", "3": "NXDOMAIN", "5": "REFUSED"}
GREASE = {f"0x{n}a{n}a" for n in "0123456789abcdef"}


def number(text):
    return int(text, 0)


# --- what tshark tells ------------------------------------------------------------------------

def their_flows(packets):
    """Packets and bytes of IP each end sent, by connection, and connections with fragments: of those
    tshark counts each fragment, we each packet."""
    out = collections.defaultdict(lambda: [0, 0])
    fragmented = set()
    for packet in packets:
        if packet.key is None:
            continue
        if wire.last(packet.frame, "ip.frag_offset", "0") != "0":
            fragmented.add(packet.key)
        side = out[(packet.key, packet.source)]
        side[0] += 1
        side[1] += packet.bytes
    return {key: tuple(side) for key, side in out.items()}, fragmented


def their_http(packets):
    """By connection: requests in order, each with the status that answers it."""
    requests, codes = collections.defaultdict(list), collections.defaultdict(list)
    for packet in packets:
        frame = packet.frame
        count = len(frame.get("http.request.method", []))
        for i in range(count):
            def one(field):
                values = frame.get(field, [])
                return values[i] if len(values) == count else ""
            host = one("http.host").lower()
            requests[packet.key].append([
                one("http.request.method"), one("http.request.uri"),
                re.sub(r":\d+$", "", host), one("http.request.version").removeprefix("HTTP/"),
                one("http.user_agent"), one("http.referer")])
        codes[packet.key] += [int(c) for c in frame.get("http.response.code", []) if int(c) >= 200]
    return {key: [tuple(r) + (codes[key][i] if i < len(codes[key]) else None,) for i, r in enumerate(all_)]
            for key, all_ in requests.items()}


def their_dns(packets):
    """(connection, id, name in lower case, type) of each question -> code, addresses, texts."""
    out = {}
    for packet in packets:
        frame = packet.frame
        if "dns" not in packet.protocols:
            continue
        name = wire.first(frame, "dns.qry.name").replace("<Root>", ".").lower()
        kind = wire.first(frame, "dns.qry.type")
        key = (packet.key, number(wire.first(frame, "dns.id")), name, TYPES.get(kind, kind))
        if wire.first(frame, "dns.flags.response") == "0":
            out.setdefault(key, None)
            continue
        code = wire.first(frame, "dns.flags.rcode")
        data = sorted(frame.get("dns.a", []) + frame.get("dns.aaaa", []) + frame.get("dns.cname", []) +
                      frame.get("dns.mx.mail_exchange", []))
        if key[3] in ("SRV", "MX"):  # with addresses of the hosts, which are no answers
            data = frame.get("dns.mx.mail_exchange", [])
        out[key] = (CODES.get(code, code), data, sorted(frame.get("dns.txt", [])))
    return out


def ja4(frame, transport="t"):
    """FoxIO's JA4 from tshark's fields of one client hello (tshark 4.0 has none of its own)."""
    def numbers(field):
        return [f"{number(v):04x}" for v in frame.get(field, []) if f"0x{number(v):04x}" not in GREASE]

    ciphers = sorted(numbers("tls.handshake.ciphersuite"))
    extensions = numbers("tls.handshake.extension.type")
    versions = numbers("tls.handshake.extensions.supported_version") or numbers("tls.handshake.version")
    version = {"0304": "13", "0303": "12", "0302": "11", "0301": "10"}.get(max(versions), "00")
    alpn = wire.first(frame, "tls.handshake.extensions_alpn_str")
    if alpn:
        hexed = alpn.encode().hex()
        alpn = alpn[0] + alpn[-1] if alpn[0].isalnum() and alpn[-1].isalnum() else hexed[0] + hexed[-1]
    listed = ",".join(sorted(e for e in extensions if e not in ("0000", "0010")))
    algorithms = ",".join(numbers("tls.handshake.sig_hash_alg"))
    hashed = hashlib.sha256((listed + ("_" + algorithms if algorithms else "")).encode()).hexdigest()[:12]
    return (f"{transport}{version}{'d' if '0000' in extensions else 'i'}{min(len(ciphers), 99):02}"
            f"{min(len(extensions), 99):02}{alpn or '00'}_"
            f"{hashlib.sha256(','.join(ciphers).encode()).hexdigest()[:12]}_{hashed}")


def cipher_names():
    table = subprocess.run(["openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                           capture_output=True, text=True, check=True).stdout
    return {int(a + b, 16): name for a, b, name in
            re.findall(r"0x([0-9A-F]{2}),0x([0-9A-F]{2}) - (\S+)", table)}


def their_tls(packets):
    """By connection: what the first client hello and the server hello say."""
    versions = {0x0301: "TLSv10", 0x0302: "TLSv11", 0x0303: "TLSv12", 0x0304: "TLSv13"}
    names, out = cipher_names(), {}
    for packet in packets:
        frame = packet.frame
        kinds = frame.get("tls.handshake.type", [])
        talk = out.setdefault(packet.key, {}) if kinds else {}
        if "1" in kinds and "ja3" not in talk:
            talk.update(ja3=wire.first(frame, "tls.handshake.ja3"), ja4=ja4(frame),
                        sni=wire.first(frame, "tls.handshake.extensions_server_name"),
                        offered=frame.get("tls.handshake.extensions_alpn_str", []),
                        ciphers=len([c for c in frame["tls.handshake.ciphersuite"] if c not in GREASE]))
        if "2" in kinds:  # of a retry and the hello proper, the latter counts
            version = number(wire.first(frame, "tls.handshake.extensions.supported_version") or
                             wire.first(frame, "tls.handshake.version"))
            cipher = number(wire.first(frame, "tls.handshake.ciphersuite"))
            talk.update(ja3s=wire.first(frame, "tls.handshake.ja3s"), version=versions.get(version),
                        cipher=names.get(cipher), chosen=wire.first(frame, "tls.handshake.extensions_alpn_str"))
        if "11" in kinds:
            der = bytes.fromhex(wire.first(frame, "tls.handshake.certificate").replace(":", ""))
            talk["certificate"] = hashlib.sha256(der).hexdigest()
    return {key: talk for key, talk in out.items() if "ja3" in talk}


def their_ssh(packets):
    out = collections.defaultdict(dict)
    for packet in packets:
        frame = packet.frame
        for field, name in (("ssh.protocol", "banner"), ("ssh.kex.hassh", "hassh"),
                            ("ssh.kex.hasshserver", "hassh")):
            if field in frame:
                end = "server" if packet.ports[0] == traffic.SSH else "client"
                out[packet.key].setdefault(end + " " + name, wire.first(frame, field).split("\\")[0])
    return dict(out)


def their_sql(packets):
    """By connection: user, database, statements in order, codes of errors."""
    out = {}
    for packet in packets:
        frame = packet.frame
        if "pgsql" not in packet.protocols:
            continue
        talk = out.setdefault(packet.key, {"user": "", "database": "", "statements": [], "errors": []})
        pairs = dict(zip(frame.get("pgsql.parameter_name", []), frame.get("pgsql.parameter_value", [])))
        if "user" in pairs:
            talk.update(user=pairs["user"], database=pairs.get("database", ""))
        talk["statements"] += frame.get("pgsql.query", [])
        talk["errors"] += [c for c in frame.get("pgsql.code", [])]
    return {key: talk for key, talk in out.items() if talk["user"]}


# --- what we tell -----------------------------------------------------------------------------

def our_flows(events):
    out = collections.defaultdict(lambda: [0, 0])
    for event in events:
        if event["kind"] != "conn" or event.get("network.transport") not in ("tcp", "udp"):
            continue
        key = wire.key_of(event)
        for end in ("source", "destination"):
            if event[end + ".packets"]:
                side = out[(key, (event[end + ".ip"], event[end + ".port"]))]
                side[0] += event[end + ".packets"]
                side[1] += event[end + ".bytes"]
    return {key: tuple(side) for key, side in out.items()}


def our_http(events):
    out = collections.defaultdict(list)
    for e in events:
        if e["kind"] == "web":
            out[wire.key_of(e)].append((
                e["http.request.method"], e["url.original"], e.get("url.domain", ""), e.get("http.version", ""),
                e.get("user_agent.original", ""), e.get("http.request.referrer", ""),
                e.get("http.response.status_code")))
    return dict(out)


def our_dns(events):
    out = {}
    for e in events:
        if e["kind"] != "dns":
            continue
        key = (wire.key_of(e), e["dns.id"], e.get("dns.question.name", ""), e.get("dns.question.type", ""))
        answers = list(zip(wire.as_list(e.get("dns.answers.type")), wire.as_list(e.get("dns.answers.data"))))
        data = sorted(d.split(" ")[-1] if t == "MX" else d for t, d in answers if t in ("A", "AAAA", "CNAME", "MX"))
        texts = sorted(t for kind, d in answers if kind == "TXT" for t in re.findall(r'"([^"]*)"', d))
        out[key] = (e["dns.response_code"], data, texts) if "dns.response_code" in e else None
    return out


def our_tls(events):
    out = {}
    for e in events:
        if e["kind"] != "tls":
            continue
        talk = {"ja3": e.get("tls.client.ja3"), "ja4": e.get("tls.client.ja4"),
                "sni": e.get("tls.client.server_name", ""),
                "offered": wire.as_list(e.get("tls.client.supported_protocols")),
                "ciphers": len(wire.as_list(e.get("tls.client.supported_ciphers")))}
        if "tls.version" in e:
            talk.update(ja3s=e.get("tls.server.ja3s"), version=e["tls.version"], cipher=e["tls.cipher"],
                        chosen=e.get("tls.next_protocol", ""))
        if "tls.server.hash.sha256" in e:
            talk["certificate"] = e["tls.server.hash.sha256"]
        out[wire.key_of(e)] = talk
    return out


def our_ssh(events):
    names = {"client banner": "ssh.client.version", "server banner": "ssh.server.version",
             "client hassh": "ssh.client.hassh", "server hassh": "ssh.server.hassh"}
    return {wire.key_of(e): {name: e[field] for name, field in names.items() if field in e}
            for e in events if e["kind"] == "ssh"}


def our_sql(events):
    out = {}
    for e in events:
        if e["kind"] != "sql":
            continue
        talk = out.setdefault(wire.key_of(e), {"user": "", "database": "", "statements": [], "errors": []})
        talk.update(user=e.get("user.name", ""), database=e.get("db.name", ""))
        talk["statements"] += wire.as_list(e.get("db.statement"))
        talk["errors"] += wire.as_list(e.get("db.error_code"))
    return out


# --- both -------------------------------------------------------------------------------------

def compare(name, theirs, mine):
    """Prints what differs; the number of differences."""
    differences = 0
    for key in sorted(set(theirs) | set(mine), key=repr):
        if theirs.get(key, "absent") == mine.get(key, "absent"):
            continue
        differences += 1
        print(f"{name} {key}\n  tshark {theirs.get(key, 'absent')}\n  ours   {mine.get(key, 'absent')}")
    print(f"{name}: {len(theirs)} of tshark's, {len(mine)} of ours, {differences} differ")
    return differences + (not theirs)


def check_outcomes(events, notes):
    """What tshark cannot tell but the programs that spoke could."""
    wrong = []
    served = {hashlib.sha256(body).hexdigest() for body in (traffic.PAGE, traffic.PAGE * 60)}
    told = collections.Counter(e.get("file.hash.sha256") for e in events if e["kind"] == "file")
    if not served <= set(told) or told[hashlib.sha256(traffic.PAGE).hexdigest()] < 10:
        wrong.append("bodies that were compressed or cut in chunks have other hashes than what was served")
    for part, kind, failures, successes in (("ssh", "ssh", 1, 2), ("postgresql", "sql", 3, None)):
        if any(note.startswith(part) for note in notes):
            continue
        logins = [e.get("event.outcome") for e in events if e["kind"] == kind and "login" in e.get("event.action", "")]
        # Whoever asks PostgreSQL while it starts is refused too: there may be more.
        refused = logins.count("failure")
        if refused < failures or successes is not None and [refused, logins.count("success")] != [failures, successes]:
            wrong.append(f"{part}: outcomes of logins are {logins}")
    if {e.get("tls.resumed") for e in events if e["kind"] == "tls"} != {None, False, True}:
        wrong.append("tls: some handshakes resume a session, most do not, one fails")
    for line in wrong:
        print(line)
    return len(wrong)


def test(program, work):
    try:
        scene = traffic.Scene(work)
    except PermissionError as why:
        wire.skip(f"no namespaces with a veth pair here: {why}")
    try:
        traffic.play(scene)
    finally:
        scene.close()
    if keep := os.environ.get("KENTONGAN_KEEP"):
        shutil.copy(scene.capture, os.path.join(keep, "live.pcap"))
    for note in scene.notes:
        print("not played: " + note)
    packets = [wire.Packet(frame) for frame in wire.tshark(scene.capture, [f"tcp.port=={traffic.POSTGRES},pgsql",
                                                                          f"tcp.port=={traffic.SSH},ssh"])]
    events, _ = wire.ours(program, scene.capture)
    flows, fragmented = their_flows(packets)
    differences = compare("flows", *({k: v for k, v in all_.items() if k[0] not in fragmented}
                                     for all_ in (flows, our_flows(events))))
    differences += compare("http", their_http(packets), our_http(events))
    differences += compare("dns", their_dns(packets), our_dns(events))
    differences += compare("tls", their_tls(packets), our_tls(events))
    if not any(note.startswith("ssh") for note in scene.notes):
        differences += compare("ssh", their_ssh(packets), our_ssh(events))
    if not any(note.startswith("postgresql") for note in scene.notes):
        differences += compare("postgresql", their_sql(packets), our_sql(events))
    return differences + check_outcomes(events, scene.notes)


def enter_namespace():
    """Begins this program anew in a network namespace of its own, where that is allowed."""
    if os.environ.get("KENTONGAN_IN_NAMESPACE"):
        return
    options = ["-n", "-m"] if os.geteuid() == 0 else ["-r", "-n", "-m"]
    trial = subprocess.run(["unshare", *options, "true"], capture_output=True, text=True, check=False)
    if trial.returncode != 0:
        wire.skip("no network namespaces here: " + trial.stderr.strip())
    os.environ["KENTONGAN_IN_NAMESPACE"] = "1"
    os.execvp("unshare", ["unshare", *options, sys.executable, *sys.argv])


def main():
    wire.need("tshark", "tcpdump", "unshare", "nsenter", "ip", "curl", "openssl", "dig", "dnsmasq")
    enter_namespace()
    with tempfile.TemporaryDirectory() as work:
        sys.exit(1 if test(os.path.abspath(sys.argv[1]), work) else 0)


if __name__ == "__main__":
    main()
