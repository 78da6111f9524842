"""A TAXII 2.1 collection over TLS for the test: takes an envelope, is at work on it until the second
look at its status, and keeps what it got as JSON lines. Beside it a proxy that only CONNECTs."""
import base64
import http.server
import json
import socket
import ssl
import sys
import threading

certificate, key, out, password = sys.argv[1:5]
MEDIA = "application/taxii+json;version=2.1"
looks = {}


def note(**what):
    with open(out, "a", encoding="utf-8") as file:
        file.write(json.dumps(what) + "\n")


class Collection(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def say(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", MEDIA)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def known(self):
        good = "Basic " + base64.b64encode(f"kentongan:{password}".encode()).decode()
        return self.headers["Authorization"] == good and self.headers["Accept"] == MEDIA

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.known() or self.headers["Content-Type"] != MEDIA:
            return self.say(401, {"title": "who are you"})
        envelope = json.loads(body)
        note(path=self.path, envelope=envelope)
        looks["1"] = 0
        count = len(envelope["objects"])
        self.say(202, {"id": "1", "status": "pending", "total_count": count, "success_count": 0,
                       "failure_count": 0, "pending_count": count})

    def do_GET(self):
        if not self.known() or self.path != "/api1/status/1/":
            return self.say(404, {"title": "no such status"})
        looks["1"] += 1
        note(look=looks["1"])
        done = looks["1"] > 1
        self.say(200, {"id": "1", "status": "complete" if done else "pending", "total_count": 1,
                       "success_count": 1 if done else 0, "failure_count": 0,
                       "pending_count": 0 if done else 1})


class Proxy(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        host, port = self.path.rsplit(":", 1)
        note(connect=self.path)
        far = socket.create_connection((host, int(port)))
        self.send_response(200)
        self.end_headers()

        def copy(source, to):
            try:
                while data := source.recv(65536):
                    to.sendall(data)
                to.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        back = threading.Thread(target=copy, args=(far, self.connection), daemon=True)
        back.start()
        copy(self.connection, far)
        back.join()
        self.close_connection = True


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collection)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server.socket = context.wrap_socket(server.socket, server_side=True)
proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
threading.Thread(target=proxy.serve_forever, daemon=True).start()
print(f"ready {server.server_address[1]} {proxy.server_address[1]}", flush=True)
server.serve_forever()
