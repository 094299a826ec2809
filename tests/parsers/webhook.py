"""Verifies messages with the standardwebhooks library of PyPI: a JSON object a line, `secret`, `headers` and
`body`; answers `ok` or why not, a line each."""

import json
import sys

from standardwebhooks import Webhook

for line in sys.stdin:
    message = json.loads(line)
    try:
        Webhook(message["secret"]).verify(message["body"], message["headers"])
        print("ok")
    except Exception as error:  # the library's word for what is wrong
        print(f"{type(error).__name__}: {error}")
