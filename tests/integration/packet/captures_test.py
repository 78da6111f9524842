#!/usr/bin/env python3
"""Compares our packet collector with tshark on a folder of captures made by others.

captures_test.py PROGRAM: PROGRAM is kentongan-packet-events, KENTONGAN_CAPTURES the folder. Counts
connections, HTTP requests, DNS queries and TLS client hellos of each capture. README.md says what the
classes of differences are; a difference of no class fails the test.
"""

import collections
import concurrent.futures
import os
import sys

import wire

COUNTED = ("tcp", "udp", "http", "dns", "tls")


def theirs_of(capture):
    """Counted things, each a Counter of what names it, and the packets with what they belong to."""
    out = {name: collections.Counter() for name in COUNTED}
    packets = [wire.Packet(frame) for frame in wire.tshark(capture)]
    hello = set()
    asked = set()
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
                if answer == "0" and query not in asked:
                    asked.add(query)
                    out["dns"][packet.key] += 1
                elif answer == "1":
                    asked.discard(query)
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
