"""A mail server for the test: STARTTLS, a login, and each mail as one JSON line into a file."""
import json
import ssl
import sys
import time
from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, certificate, key, out, password = sys.argv[1:6]


class Keep:
    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=default)
        with open(out, "a", encoding="utf-8") as file:
            file.write(json.dumps({
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "subject": mail["Subject"],
                "id": mail["Message-ID"], "text": mail.get_content(), "defects": len(mail.defects),
                "tls": session.ssl is not None, "user": (session.auth_data or "")}) + "\n")
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == b"kentongan" and data.password == password.encode()
    return AuthResult(success=good, handled=False, auth_data=data.login.decode() if good else None)


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
controller = Controller(Keep(), hostname="127.0.0.1", port=int(port), tls_context=context,
                        require_starttls=True, auth_required=True, authenticator=authenticate)
controller.start()
print("ready", flush=True)
while True:
    time.sleep(60)
