#!/usr/bin/env python3
"""Compares our packet collector with tshark on a folder of captures made by others.

captures_test.py PROGRAM: PROGRAM is kentongan-packet-events, KENTONGAN_CAPTURES the folder. Counts
connections, HTTP requests, DNS queries and TLS client hellos of each capture. A difference is allowed
where a rule below tells its class from the packets themselves; README.md says why each is none of ours.
A difference of no class fails the test.
"""

import collections
import concurrent.futures
import math
import os
import sys

import wire

COUNTED = ("tcp", "udp", "http", "dns", "tls")
PATIENCE = 10  # seconds that a DNS query waits here for its answer; asked again later, it is another


def theirs_of(capture):
    """Counted things, each a Counter of what names it, and the packets with what they belong to."""
    out = {name: collections.Counter() for name in COUNTED}
    packets = [wire.Packet(frame) for frame in wire.tshark(capture)]
    hello = set()
    asked = {}
    for packet in packets:
        if packet.key is None:
            continue
        frame = packet.frame
        out[packet.transport][packet.key] += 1
        for _ in frame.get("http.request.method", []):
            if "ssdp" not in packet.protocols:
                out["http"][packet.key] += 1
        if {"dns", "mdns", "llmnr"} & set(packet.protocols):
            for ident, answer, name in zip(frame.get("dns.id", []), frame.get("dns.flags.response", []),
                                           frame.get("dns.qry.name", [""])):
                query = (packet.key, ident, name, wire.first(frame, "dns.qry.type"))
                now = float(wire.first(frame, "frame.time_epoch"))
                if answer == "0" and now - asked.get(query, -math.inf) > PATIENCE:
                    asked[query] = now
                    out["dns"][packet.key] += 1
                elif answer == "1":
                    asked.pop(query, None)
        if "1" in frame.get("tls.handshake.type", []) and (packet.key, packet.stream) not in hello:
            hello.add((packet.key, packet.stream))
            out["tls"][packet.key] += 1
    return out, packets


def ours_of(program, capture):
    out = {name: collections.Counter() for name in COUNTED}
    events, whole = wire.ours(program, capture)
    for event in events:
        kind = event["kind"]
        if kind == "second" or event.get("network.transport") not in ("tcp", "udp"):
            continue
        key = wire.key_of(event)
        if kind == "conn" and event.get("event.action") != "ongoing":
            out[key[0]][key] += event["source.packets"] + event["destination.packets"]
        elif kind == "web":
            out["http"][key] += 1
        elif kind == "dns" and (event.get("dns.type") == "query" or "dns.response_time" in event):
            out["dns"][key] += 1
        elif kind == "tls" and "tls.client.ja3" in event:
            out["tls"][key] += 1
    return out, events, whole


# --- classes of differences, each with how it is told (README.md says why it is so) --------------

KNOWN_METHODS = set("GET HEAD POST PUT DELETE OPTIONS TRACE CONNECT PATCH PROPFIND PROPPATCH MKCOL COPY MOVE LOCK "
                    "UNLOCK REPORT SEARCH SUBSCRIBE UNSUBSCRIBE NOTIFY M-SEARCH POLL BDELETE BPROPPATCH BCOPY BMOVE "
                    "CHECKOUT CHECKIN UNCHECKOUT MKACTIVITY MERGE RPC_CONNECT".split())
NOT_READ = {"chdlc": "cisco HDLC", "etag": "802.1BR tags", "ieee8021br": "802.1BR tags", "nsh": "NSH", "teredo": "Teredo",
            "ppp": "PPP outside PPPoE", "erspan": "ERSPAN", "gtp": "GTP", "l2tp": "L2TP", "fabricpath": "FabricPath",
            "sflow": "samples in sFlow"}
OPCODES = {"0", "1", "2", "4", "5", "6"}  # of DNS, assigned


def layer(packets, names):
    """The first layer under a connection's packets that we do not read."""
    for packet in packets:
        below = packet.protocols[:-1]
        for name in below:
            if name in names and not (name == "ppp" and "pppoes" in below):
                return names[name]
    return None


def flow_class(packets, events, key, missing_here):
    if missing_here:
        if what := layer(packets, NOT_READ):
            return "layer: " + what
        if all(len(p.frame.get("ip.dst", [])) > p.protocols.count("ip") or "ip.opt.type" in p.frame for p in packets):
            return "source route"
        if all(wire.malformed(p) for p in packets):
            return "malformed"
    elif not packets and any(wire.malformed(p) or p.key is None for p in events):
        return "malformed"
    return None


def in_pieces(packets, events):
    """The first request line came in several segments, and tshark did not take it for HTTP."""
    web = next((e for e in events if e["kind"] == "web"), None)
    first = next((int(p.frame["tcp.len"][0]) for p in packets if p.frame.get("tcp.len", ["0"]) != ["0"]), 0)
    if web is None or any("http.request.method" in p.frame for p in packets):
        return False
    return first < len(web["http.request.method"] + web["url.original"]) + len("  HTTP/1.1")


def http_class(packets, events, more_here):
    methods = {e.get("http.request.method") for e in events if e["kind"] == "web"}
    conns = [e for e in events if e["kind"] == "conn"]
    if not conns and (what := layer(packets, NOT_READ)):
        return "layer: " + what
    if methods - KNOWN_METHODS:
        return "method unknown to tshark"
    if more_here and any("http.response.status_code" not in e for e in events if e["kind"] == "web"):
        return "request or answer cut off"
    if more_here and in_pieces(packets, events):
        return "request line in pieces"
    if "CONNECT" in methods:
        return "behind CONNECT"
    if any("network.gap_bytes" in e for e in conns) or any(wire.gap(p) for p in packets):
        return "bytes missing"
    return None


def dns_class(packets, events, more_here):
    protocols = {name for p in packets for name in p.protocols}
    if "nbns" in protocols and more_here:
        return "NetBIOS names"
    if protocols & {"http2", "tls", "http"} and not more_here:
        return "DNS over HTTPS"
    if more_here and any(e.get("destination.port") in (5355, 5353) and e.get("network.transport") == "tcp"
                         for e in events):
        return "LLMNR over TCP"
    if not any(e["kind"] == "conn" for e in events) and (what := layer(packets, NOT_READ)):
        return "layer: " + what
    if any(wire.malformed(p) for p in packets):
        return "malformed"
    if not more_here and any(set(p.frame.get("dns.flags.opcode", [])) - OPCODES for p in packets):
        return "opcode not assigned"
    return None


def tls_class(packets, events, more_here):
    if any(e.get("http.request.method") == "CONNECT" for e in events):
        return "behind CONNECT"
    if any("1" in p.frame.get("tls.handshake.type", []) and "tls.handshake.ja3" not in p.frame for p in packets):
        return "SSLv2 hello"
    hello = [i for i, p in enumerate(p for p in packets if int(wire.first(p.frame, "tcp.len", "0")) > 0)
             if "1" in p.frame.get("tls.handshake.type", [])]
    if not more_here and hello and hello[0] > 0:
        return "hello after other bytes"
    return None


def explain(name, key, theirs, mine, packets, events):
    """The class of one difference, or None."""
    more_here = mine > theirs
    if name in ("tcp", "udp"):
        return flow_class(packets, events, key, not more_here)
    return {"http": http_class, "dns": dns_class, "tls": tls_class}[name](packets, events, more_here)


def compare(program, path):
    """Rows (name, count of tshark's, count of ours, classes) of one capture."""
    theirs, packets = theirs_of(path)
    mine, events, whole = ours_of(program, path)
    by_key, events_by_key = collections.defaultdict(list), collections.defaultdict(list)
    for packet in packets:
        by_key[packet.key].append(packet)
    for event in events:
        if event["kind"] != "second" and event.get("network.transport") in ("tcp", "udp"):
            events_by_key[wire.key_of(event)].append(event)
    rows = []
    for name in COUNTED:
        flows = name in ("tcp", "udp")
        count = [len(side) if flows else sum(side.values()) for side in (theirs[name], mine[name])]
        classes = collections.Counter()
        for key in set(theirs[name]) | set(mine[name]):
            a, b = theirs[name][key], mine[name][key]
            if flows:
                a, b = min(a, 1), min(b, 1)
            if a != b:
                about = events_by_key[key] if not flows else packets
                classes[explain(name, key, a, b, by_key[key], about) or f"UNEXPLAINED {key} {a} {b}"] += 1
        rows.append((name, *count, classes))
    return os.path.basename(path), rows, whole


def main():
    folder = os.environ.get("KENTONGAN_CAPTURES")
    if not folder:
        wire.skip("no captures: KENTONGAN_CAPTURES=FOLDER")
    wire.need("tshark")
    program = os.path.abspath(sys.argv[1])
    files = sorted(os.path.join(folder, name) for name in os.listdir(folder))
    totals, classes = collections.defaultdict(lambda: [0, 0, 0, 0]), collections.Counter()
    failures = agreeing = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, rows, _ in pool.map(lambda path: compare(program, path), files):
            agreeing += not any(found for *_, found in rows)
            for name, theirs, mine, found in rows:
                total = totals[name]
                total[0] += theirs
                total[1] += mine
                total[2] += bool(found)
                unexplained = [c for c in found if c.startswith("UNEXPLAINED")]
                total[3] += bool(unexplained)
                failures += len(unexplained)
                for what, count in found.items():
                    classes[(name, what.split(" (")[0])] += count
                if found:
                    print(f"{file}: {name}: tshark {theirs}, ours {mine}: "
                          + "; ".join(f"{count} {what}" for what, count in found.items()))
    print(f"\n{len(files)} captures, {agreeing} agree in everything\n")
    print(f"{'':6}{'tshark':>9}{'ours':>9}{'differ':>9}{'unexplained':>13}   (captures)")
    for name in COUNTED:
        print(f"{name:6}{totals[name][0]:9}{totals[name][1]:9}{totals[name][2]:9}{totals[name][3]:13}")
    print()
    for (name, what), count in sorted(classes.items()):
        print(f"{count:6} {name}: {what}")
    sys.exit(1 if failures or not files else 0)


if __name__ == "__main__":
    main()
