"""An S3 server with one bucket and one user: moto, which verifies signatures.

Prints a line of JSON with its endpoint and the user's keys, and runs until its standard input closes.
"""

import json
import logging
import os
import sys
import threading

os.environ["MOTO_ALLOW_NONEXISTENT_REGION"] = "true"

import boto3
from moto import settings
from moto.core.responses import ActionAuthenticatorMixin
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

REGION = "eu-north-1"
BUCKET = "calendar"
logging.getLogger("werkzeug").setLevel(logging.ERROR)

server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
endpoint = f"http://127.0.0.1:{server.server_port}"

# Any keys work until signatures are verified.
anybody = {
    "endpoint_url": endpoint,
    "region_name": REGION,
    "aws_access_key_id": "AKIAANYBODYANYBODYAN",
    "aws_secret_access_key": "none",
}
iam = boto3.client("iam", **anybody)
iam.create_user(UserName="backup")
key = iam.create_access_key(UserName="backup")["AccessKey"]
allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
iam.put_user_policy(UserName="backup", PolicyName="backups", PolicyDocument=policy)
boto3.client("s3", **anybody).create_bucket(
    Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
)
settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
ActionAuthenticatorMixin.request_count = 0

told = {
    "endpoint": endpoint,
    "region": REGION,
    "id": key["AccessKeyId"],
    "secret": key["SecretAccessKey"],
}
print(json.dumps(told), flush=True)
sys.stdin.read()
