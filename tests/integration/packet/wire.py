"""What tshark and what our packet collector tell of a capture, in the same shape, for the tests here.

Both sides become lists of plain records that name their connection by its two ends without regard to
who began it, so that neither side's idea of "originator" matters.
"""

import json
import os
import shutil
import subprocess
import sys

SKIPPED = 77  # the exit status that ctest takes for "cannot run here"
UNIT, RECORD = "\x1f", "\x1e"  # between a field's values, between fields

# tshark reads what it is given in order; checksums are as the capture's card left them.
OPTIONS = [
    "-o", "tcp.check_checksum:FALSE", "-o", "ip.check_checksum:FALSE", "-o", "udp.check_checksum:FALSE",
    "-o", "tcp.reassemble_out_of_order:TRUE", "-o", "ip.defragment:TRUE",
    # One protocol a stream, known by its content, as ours are.
    "--enable-heuristic", "http_tcp", "--enable-heuristic", "tls_tcp",
    # What it would look up or decrypt is not on the wire.
    "-o", "http.decompress_body:FALSE",
]

FRAME = [
    "frame.number", "frame.time_epoch", "frame.len", "frame.protocols", "_ws.malformed", "ip.src", "ip.dst", "ip.len", "ip.proto",
    "ipv6.src", "ipv6.dst", "ipv6.plen", "tcp.stream", "udp.stream", "tcp.srcport", "tcp.dstport",
    "udp.srcport", "udp.dstport", "tcp.flags.syn", "icmp.type", "icmpv6.type", "sctp.srcport",
    "sctp.dstport", "ip.frag_offset", "ip.flags.mf", "tcp.len",
    "tcp.analysis.lost_segment", "tcp.analysis.ack_lost_segment", "ip.opt.type",
]
HTTP = [
    "http.request.method", "http.request.uri", "http.host", "http.user_agent", "http.response.code",
    "http.request_in", "http.request.version", "http.referer",
]
DNS = [
    "dns.id", "dns.flags.response", "dns.flags.opcode", "dns.qry.name", "dns.qry.type", "dns.flags.rcode", "dns.a",
    "dns.aaaa", "dns.cname", "dns.txt", "dns.mx.mail_exchange", "dns.resp.type", "dns.count.queries",
    "dns.rr.udp_payload_size",
]
TLS = [
    "tls.handshake.type", "tls.handshake.extensions_server_name", "tls.handshake.extensions_alpn_str",
    "tls.handshake.ja3", "tls.handshake.ja3s", "tls.handshake.version",
    "tls.handshake.extensions.supported_version", "tls.handshake.ciphersuite",
    "tls.handshake.extension.type", "tls.handshake.sig_hash_alg", "quic.version",
    "tls.handshake.certificate",
]
SSH = ["ssh.protocol", "ssh.kex.hassh", "ssh.kex.hasshserver", "ssh.direction"]
SQL = ["pgsql.type", "pgsql.parameter_name", "pgsql.parameter_value", "pgsql.query", "pgsql.authtype",
       "pgsql.code", "pgsql.frontend"]
FIELDS = FRAME + HTTP + DNS + TLS + SSH + SQL


def skip(reason):
    print("SKIPPED: " + reason)
    sys.exit(SKIPPED)


def need(*programs):
    """The paths of programs; the test is skipped where one is missing."""
    out = []
    for program in programs:
        path = shutil.which(program, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if path is None:
            skip(f"{program} is not installed")
        out.append(path)
    return out


def cached(capture, command):
    """What a command prints; with KENTONGAN_TSHARK_CACHE=DIR, of an earlier run on the same capture."""
    folder = os.environ.get("KENTONGAN_TSHARK_CACHE")
    kept = os.path.join(folder, os.path.basename(capture) + ".txt") if folder else None
    if kept and os.path.exists(kept):
        with open(kept, encoding="utf-8", newline="\n") as file:
            return file.read()
    run = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if kept:
        with open(kept, "w", encoding="utf-8", newline="\n") as file:
            file.write(run.stdout)
    return run.stdout


def tshark(capture, decode_as=()):
    """Its frames: dicts from field to the list of its values in the frame."""
    command = ["tshark", "-n", "-r", capture, *OPTIONS, "-T", "fields", "-E", "separator=" + RECORD,
               "-E", "aggregator=" + UNIT, "-E", "occurrence=a"]
    for rule in decode_as:
        command += ["-d", rule]
    for field in FIELDS:
        command += ["-e", field]
    frames = []
    for line in cached(capture, command).split("\n"):
        values = line.split(RECORD)
        if len(values) == len(FIELDS):
            frames.append({f: v.split(UNIT) for f, v in zip(FIELDS, values) if v})
    return frames


def ours(program, capture, *options):
    """Events of the packet collector, and whether it read the file to its end."""
    run = subprocess.run([program, capture, *options], capture_output=True, text=True, errors="replace",
                         check=False)
    if run.returncode not in (0, 65):
        raise RuntimeError(f"{capture}: exit status {run.returncode}: {run.stderr[-500:]}")
    return [json.loads(line) for line in run.stdout.split("\n") if line], run.returncode == 0


def first(frame, field, default=""):
    return frame.get(field, [default])[0]


def last(frame, field, default=""):
    return frame.get(field, [default])[-1]


def ends(a, a_port, b, b_port):
    """A connection's name: its ends in order."""
    one, two = (a, int(a_port)), (b, int(b_port))
    return (one, two) if one <= two else (two, one)


def canonical(address):
    """As we write it: an IPv4 address in IPv6's form is that address."""
    return address.lower().removeprefix("::ffff:") if "." in address else address.lower()


class Packet:
    """The innermost connection that a frame belongs to; `key` is None where there is none."""

    def __init__(self, frame):
        self.frame = frame
        self.protocols = first(frame, "frame.protocols").split(":")
        self.key = None
        self.source = None
        self.bytes = 0
        # What an ICMP error quotes is no packet of that connection.
        layers = self.protocols
        for icmp in ("icmp", "icmpv6"):
            if icmp in layers:
                layers = layers[: layers.index(icmp) + 1]
        transport = [layer for layer in layers if layer in ("tcp", "udp", "ip", "ipv6")]
        self.transport = transport[-1] if transport and transport[-1] in ("tcp", "udp") else None
        if self.transport is None:
            return
        index = transport.count(self.transport) - 1
        version = [layer for layer in transport if layer in ("ip", "ipv6")][-1:]
        if not version:
            return
        place = transport.count(version[0]) - 1
        try:
            source = frame[version[0] + ".src"][place]
            target = frame[version[0] + ".dst"][place]
            self.ports = (int(frame[self.transport + ".srcport"][index]),
                          int(frame[self.transport + ".dstport"][index]))
            self.stream = int(frame[self.transport + ".stream"][index])
            self.bytes = (int(frame["ip.len"][place]) if version[0] == "ip"
                          else int(frame["ipv6.plen"][place]) + 40)
        except (KeyError, IndexError, ValueError):
            self.transport = None
            return
        self.source = (canonical(source), self.ports[0])
        self.key = (self.transport,) + ends(*self.source, canonical(target), self.ports[1])


def key_of(event):
    return (event["network.transport"],) + ends(
        event["source.ip"], event["source.port"], event["destination.ip"], event["destination.port"])


def as_list(value):
    return value if isinstance(value, list) else [] if value is None else [value]


def malformed(packet):
    """tshark says that something in the packet is wrong, or it is longer than its frame."""
    longest = int(first(packet.frame, "frame.len", "0"))
    return ("_ws.malformed" in packet.frame or packet.bytes == 0
            or any(int(length) > longest for length in packet.frame.get("ip.len", [])))


def gap(packet):
    return "tcp.analysis.lost_segment" in packet.frame or "tcp.analysis.ack_lost_segment" in packet.frame
