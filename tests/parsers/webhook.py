"""Verifies messages with PyPI's standardwebhooks. Reads one JSON object per line with `secret`, `headers` and
`body`; prints `ok` or the error for each."""

import json
import sys

from standardwebhooks import Webhook

for line in sys.stdin:
    message = json.loads(line)
    try:
        Webhook(message["secret"]).verify(message["body"], message["headers"])
        print("ok")
    except Exception as error:  # raised for an invalid message
        print(f"{type(error).__name__}: {error}")
