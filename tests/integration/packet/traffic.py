"""Varied traffic by real programs between two network namespaces, captured with tcpdump.

The caller already is in a namespace of its own (live_test.py sees to that): the client side. The
servers run in a second one at the other end of a veth pair.
"""

import gzip
import http.server
import os
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
import time

SERVER4, SERVER6 = "10.77.0.2", "fd77::2"
HTTP, TLS12, TLS13, TLS_RETRY, SSH, POSTGRES = 8080, 9443, 9444, 9445, 2222, 15432
PAGE = b"<html><body>" + b"Hasil penghitungan suara sementara. " * 400 + b"</body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    """Pages plain, compressed and in chunks; takes forms."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" in headers:
            self.end_headers()
            for at in range(0, len(body), 1000):
                part = body[at:at + 1000]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/missing":
            self.answer(404, b"not here")
        elif path == "/moved":
            self.answer(301, b"", Location="/plain")
        elif path == "/gzip":
            self.answer(200, gzip.compress(PAGE), Content_Encoding="gzip", Content_Type="text/html")
        elif path == "/chunked":
            self.answer(200, PAGE, Transfer_Encoding="chunked", Content_Type="text/html")
        elif path == "/gzip-chunked":
            self.answer(200, gzip.compress(PAGE), Content_Encoding="gzip", Transfer_Encoding="chunked")
        elif path == "/large":
            self.answer(200, PAGE * 60, Content_Type="text/html")
        else:
            self.answer(200, PAGE, Content_Type="text/html")

    do_HEAD = do_GET

    def do_POST(self):
        left = int(self.headers.get("Content-Length", 0))
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            while size := int(self.rfile.readline().split(b";")[0], 16):
                self.rfile.read(size + 2)
            self.rfile.readline()
        self.rfile.read(left)
        self.answer(201, b"{}", Content_Type="application/json")

    do_PUT = do_POST
    do_DELETE = do_GET
    do_OPTIONS = do_GET


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, family, address):
        self.address_family = family
        super().__init__(address, Handler)


def serve_http():
    """The program that runs in the servers' namespace."""
    for family, host in ((socket.AF_INET, SERVER4), (socket.AF_INET6, SERVER6)):
        threading.Thread(target=Server(family, (host, HTTP)).serve_forever).start()


def run(*command, **options):
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False,
                          **options)


class Scene:
    """Two namespaces, servers in one and a capture in the other; close() ends them all."""

    def __init__(self, work):
        self.work = work
        self.processes = []
        self.notes = []
        self.capture = os.path.join(work, "live.pcap")
        self.there = self.start("unshare", "-n", "sleep", "infinity")
        self.until(lambda: os.readlink(f"/proc/{self.there.pid}/ns/net") != os.readlink("/proc/self/ns/net"))
        self.must("ip", "link", "add", "here", "type", "veth", "peer", "name", "there", "netns",
                  str(self.there.pid))
        self.must("ip", "addr", "add", "10.77.0.1/24", "dev", "here")
        self.must("ip", "addr", "add", "fd77::1/64", "dev", "here", "nodad")
        self.must("ip", "link", "set", "here", "up", "gso_max_segs", "1")
        self.must("ip", "link", "set", "lo", "up")
        for line in (f"addr add {SERVER4}/24 dev there", f"addr add {SERVER6}/64 dev there nodad",
                     "link set there up gso_max_segs 1", "link set lo up"):
            self.must(*self.over_there(), "ip", *line.split())
        self.until(lambda: "LOWER_UP" in run("ip", "link", "show", "here").stdout)

    def over_there(self):
        return "nsenter", "-t", str(self.there.pid), "-n"

    def start(self, *command, **options):
        options.setdefault("stdin", subprocess.DEVNULL)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
        self.processes.append(process)
        return process

    def must(self, *command):
        done = run(*command)
        if done.returncode != 0:
            raise PermissionError(f"{' '.join(command)}: {done.stderr.strip()}")

    @staticmethod
    def until(condition):
        while not condition():
            time.sleep(0.02)

    def listens(self, process, port, family=socket.AF_INET, host=SERVER4):
        """Waits until a server takes connections; False when it ended instead."""
        while process.poll() is None:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                if probe.connect_ex((host, port)) == 0:
                    return True
            time.sleep(0.05)
        self.notes.append(process.stderr.read().decode(errors="replace").strip()[-200:])
        return False

    def record(self):
        # The kernel's buffer holds more than all that follows, so nothing can be dropped.
        self.tcpdump = self.start("tcpdump", "-i", "here", "-U", "-B", "32768", "-Z", "root", "-w", self.capture)
        self.until(lambda: os.path.exists(self.capture) and os.path.getsize(self.capture) >= 24)

    def end_record(self):
        """A last datagram, and when that is in the file all before it is, too."""
        marker = b"kentongan-the-end"
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            while True:
                out.sendto(marker, (SERVER4, 9))
                with open(self.capture, "rb") as file:
                    file.seek(max(0, os.path.getsize(self.capture) - 4096))
                    if marker in file.read():
                        break
                time.sleep(0.05)
        self.tcpdump.terminate()
        self.tcpdump.wait()

    def close(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait()


# --- HTTP -------------------------------------------------------------------------------------

def http(scene):
    server = scene.start(*scene.over_there(), sys.executable, os.path.abspath(__file__))
    scene.listens(server, HTTP, socket.AF_INET6, SERVER6)
    scene.listens(server, HTTP)
    scene.record()
    base = f"http://{SERVER4}:{HTTP}"
    upload = os.path.join(scene.work, "formulir.jpg")
    with open(upload, "wb") as out:
        out.write(b"\xff\xd8\xff\xe0" + os.urandom(50_000))

    def curl(*arguments):
        return run("curl", "-sS", "-o", os.path.join(scene.work, "page"), "--noproxy", "*", *arguments)

    curl(base + "/plain?tps=3171011001001&q=%27%20OR%201%3D1--")
    curl("--compressed", base + "/gzip")
    curl("--compressed", base + "/gzip-chunked")
    curl(base + "/chunked", base + "/large", base + "/missing", base + "/plain?again=1")
    curl("-L", base + "/moved")
    curl("-I", base + "/plain")
    curl("-0", base + "/plain?old")
    curl("-X", "OPTIONS", base + "/plain")
    curl("-X", "DELETE", base + "/plain/9")
    curl("-F", f"foto=@{upload};type=image/jpeg", "-F", "tps=3171011001001", base + "/unggah")
    curl("-d", "user=a&pass=b", base + "/masuk")
    curl("-T", upload, base + "/simpan/foto.jpg")
    curl("-H", "Transfer-Encoding: chunked", "--data-binary", f"@{upload}", base + "/potong")
    curl("-H", "Host: Hasil.KPU.go.id", "-A", "kentongan test/1.0", "-e", "http://rujukan/x", base + "/plain?host")
    curl(f"http://[{SERVER6}]:{HTTP}/plain?six=6")
    curl("--path-as-is", base + "/a/../../etc/passwd?x=" + "y" * 3000)
    # Two requests at once on one connection.
    with socket.create_connection((SERVER4, HTTP)) as both:
        both.sendall(b"GET /plain?first HTTP/1.1\r\nHost: a\r\n\r\n"
                     b"GET /missing HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
        while both.recv(65536):
            pass


# --- TLS --------------------------------------------------------------------------------------

def tls(scene):
    key, certificate = (os.path.join(scene.work, name) for name in ("key.pem", "certificate.pem"))
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key,
        "-out", certificate, "-days", "2", "-subj", "/C=ID/O=KPU/CN=sirekap.test", "-addext",
        "subjectAltName=DNS:sirekap.test,DNS:hasil.test,IP:10.77.0.2")
    servers = ((TLS12, ["-tls1_2"]), (TLS13, ["-tls1_3"]), (TLS_RETRY, ["-tls1_3", "-groups", "P-384"]))
    for port, options in servers:
        server = scene.start(*scene.over_there(), "openssl", "s_server", "-accept", f"{SERVER4}:{port}", "-key", key,
                             "-cert", certificate, "-www", "-alpn", "h2,http/1.1", *options)
        scene.listens(server, port)

    def client(port, *options):
        run("openssl", "s_client", "-connect", f"{SERVER4}:{port}", *options,
            stdin=None, input="GET / HTTP/1.0\r\n\r\n")

    session = os.path.join(scene.work, "session.pem")
    client(TLS12, "-servername", "sirekap.test", "-alpn", "h2,http/1.1", "-ign_eof", "-sess_out", session)
    client(TLS12, "-servername", "sirekap.test", "-ign_eof", "-sess_in", session)
    client(TLS12, "-noservername", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384", "-tls1_2")
    client(TLS13, "-servername", "hasil.test", "-alpn", "http/1.1", "-ign_eof", "-sess_out", session)
    client(TLS13, "-servername", "hasil.test", "-ign_eof", "-sess_in", session)
    client(TLS13, "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "-servername", "x" * 60 + ".test", "-ign_eof")
    client(TLS_RETRY, "-servername", "retry.test", "-groups", "X25519:P-384", "-ign_eof")
    client(TLS13, "-tls1_2", "-servername", "too-old.test")  # fails: no version in common
    client(TLS12, "-alpn", "unknown/9", "-servername", "sirekap.test", "-ign_eof")


# --- DNS --------------------------------------------------------------------------------------

def dns(scene):
    server = scene.start(
        *scene.over_there(), "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-hosts", "--no-resolv",
        "--pid-file=", "--user=root", f"--listen-address={SERVER4}", f"--listen-address={SERVER6}",
        "--bind-interfaces", "--edns-packet-max=4096", "--local=/test/", "--host-record=sirekap.test,10.1.2.3,fd00::3",
        "--address=/banyak.test/10.0.0.1", "--cname=hasil.test,sirekap.test", "--mx-host=test,surat.test,10",
        "--srv-host=_http._tcp.test,sirekap.test,80", "--ptr-record=3.2.1.10.in-addr.arpa,sirekap.test",
        "--txt-record=pendek.test,satu,dua", "--txt-record=panjang.test," + ",".join("t" * 200 for _ in range(9)),
        "--caa-record=test,0,issue,ca.test", "--auth-ttl=60")
    if not scene.listens(server, 53):
        return

    def dig(*arguments, to=SERVER4):
        run("dig", "@" + to, "+tries=1", "+time=5", *arguments)

    for kind in ("A", "AAAA", "ANY", "TYPE65"):
        dig("sirekap.test", kind)
    dig("hasil.test", "A")
    dig("test", "MX")
    dig("test", "CAA")
    dig("_http._tcp.test", "SRV")
    dig("-x", "10.1.2.3")
    dig("pendek.test", "TXT")
    dig("panjang.test", "TXT", "+bufsize=4096")  # in fragments
    dig("panjang.test", "TXT", "+noedns")  # cut off, then again over TCP
    dig("panjang.test", "TXT", "+tcp")
    dig("tidak-ada.test", "A")
    dig("SireKAP.Test", "A", "+noedns", to=SERVER6)
    dig("sirekap.test", "AAAA", "+tcp", "+keepopen", "hasil.test", "A", "+tcp", to=SERVER6)
    dig("luar.example", "A")  # refused
    dig("banyak.test", "A", "+dnssec", "+cd")


# --- SSH --------------------------------------------------------------------------------------

def ssh(scene):
    if shutil.which("sshd", path="/usr/sbin") is None or os.geteuid() != 0:
        scene.notes.append("ssh: no sshd, or not root")
        return
    host, user, config, ask = (os.path.join(scene.work, n) for n in ("host_key", "user_key", "sshd_config", "ask"))
    for path in (host, user):
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path)
    os.makedirs("/run/sshd", exist_ok=True)
    with open(config, "w", encoding="ascii") as out:
        out.write(f"Port {SSH}\nListenAddress {SERVER4}\nHostKey {host}\nAuthorizedKeysFile {user}.pub\n"
                  "StrictModes no\nPermitRootLogin yes\nPasswordAuthentication yes\nUsePAM no\nPidFile none\n")
    with open(ask, "w", encoding="ascii") as out:
        out.write("#!/bin/sh\necho salah-sandi\n")
    os.chmod(ask, 0o700)
    server = scene.start(*scene.over_there(), shutil.which("sshd", path="/usr/sbin"), "-D", "-f", config)
    if not scene.listens(server, SSH):
        return
    base = ["ssh", "-F", "none", "-p", str(SSH), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "NumberOfPasswordPrompts=2"]
    environment = dict(os.environ, SSH_ASKPASS=ask, SSH_ASKPASS_REQUIRE="force", DISPLAY=":0")
    environment.pop("SSH_AUTH_SOCK", None)
    for options in (["-o", "PubkeyAuthentication=no"], ["-i", user, "-o", "PasswordAuthentication=no"],
                    ["-i", user, "-o", "KexAlgorithms=curve25519-sha256", "-c", "aes128-ctr"]):
        run(*base, *options, f"root@{SERVER4}", "echo sampai; seq 1 2000", env=environment)


# --- PostgreSQL -------------------------------------------------------------------------------

def postgresql(scene):
    folders = sorted(p for p in (os.path.join("/usr/lib/postgresql", v, "bin") for v in
                                 (os.listdir("/usr/lib/postgresql") if os.path.isdir("/usr/lib/postgresql") else []))
                     if os.path.exists(os.path.join(p, "postgres")))
    if not folders or shutil.which("psql") is None or os.geteuid() != 0:
        scene.notes.append("postgresql: no server or client, or not root")
        return
    data = os.path.join(scene.work, "data")
    os.makedirs(data)
    os.chmod(scene.work, 0o755)
    shutil.chown(data, "postgres")
    as_postgres = ["runuser", "-u", "postgres", "--"]
    run(*as_postgres, os.path.join(folders[-1], "initdb"), "-D", data, "-A", "trust", "-U", "pemilik", "--no-sync",
        cwd="/")
    with open(os.path.join(data, "pg_hba.conf"), "w", encoding="ascii") as out:
        out.write("host all pemilik all trust\nhost all rahasia all scram-sha-256\nhost all terbuka all password\n"
                  "host all lama all md5\n")
    server = scene.start(*scene.over_there(), *as_postgres, os.path.join(folders[-1], "postgres"), "-D", data, "-h",
                         SERVER4, "-p", str(POSTGRES), "-k", "", "-c", "fsync=off", cwd="/")
    if not scene.listens(server, POSTGRES):
        return

    def psql(user, password, *statements, mode="disable"):
        arguments = [word for statement in statements for word in ("-c", statement)]
        return run("psql", "-X", f"host={SERVER4} port={POSTGRES} dbname=postgres user={user} sslmode={mode}",
                   *arguments, env=dict(os.environ, PGPASSWORD=password, PGAPPNAME="rekap"))

    while psql("pemilik", "", "SELECT 1").returncode != 0 and server.poll() is None:
        time.sleep(0.1)
    psql("pemilik", "", "CREATE ROLE rahasia LOGIN PASSWORD 'benar'", "CREATE ROLE terbuka LOGIN PASSWORD 'benar'",
         "SET password_encryption='md5'", "CREATE TABLE suara(tps text, jumlah int)")
    psql("pemilik", "", "SET password_encryption='md5'; CREATE ROLE lama LOGIN PASSWORD 'benar'")
    psql("pemilik", "", "INSERT INTO suara SELECT i::text, i FROM generate_series(1,500) i", "SELECT * FROM suara",
         "UPDATE suara SET jumlah = jumlah + 1 WHERE tps = '7'", "SELEKT salah", mode="prefer")
    for user in ("rahasia", "terbuka", "lama"):
        psql(user, "benar", "SELECT current_user")
        psql(user, "keliru", "SELECT 2")


def play(scene):
    http(scene)  # begins the capture
    tls(scene)
    dns(scene)
    ssh(scene)
    postgresql(scene)
    scene.end_record()


if __name__ == "__main__":
    serve_http()
