"""A mail server for tests: prints its port, then each accepted mail as a line of JSON.

Usage: smtp.py [--port N] [--tls CERTIFICATE KEY]

With --tls, a client must use STARTTLS. A recipient that begins with "refused" is refused for good (550), one that
begins with "later" is refused the first time (451), one that begins with "closed" is refused the second time (552), and
one that begins with "slow" is accepted after two seconds.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP


class Handler:
    def __init__(self):
        self.seen = set()
        self.closed = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused"):
            return "550 5.1.1 no such user"
        if address.startswith("later") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 try again later"
        if address.startswith("closed"):
            self.closed += 1
            if self.closed == 2:
                return "552 5.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: mail.get_body((kind,)).get_content().replace("\r\n", "\n")
        line = {
            "to": envelope.rcpt_tos[0],
            "from": envelope.mail_from,
            "header_from": mail["From"],
            "subject": mail["Subject"],
            "message_id": mail["Message-ID"],
            "auto_submitted": mail["Auto-Submitted"],
            "text": part("plain"),
            "html": part("html"),
            "tls": session.ssl is not None,
        }
        print(json.dumps(line), flush=True)
        if envelope.rcpt_tos[0].startswith("slow"):
            await asyncio.sleep(2)
        return "250 OK"


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", nargs=2)
    arguments = parser.parse_args()
    context = None
    if arguments.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*arguments.tls)
    handler = Handler()
    make = lambda: SMTP(handler, tls_context=context, require_starttls=context is not None, hostname="localhost")
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", arguments.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
