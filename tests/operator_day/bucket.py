"""Lists the bucket of s3.py, or gets an object: bucket.py S3.JSON list | get KEY FILE"""

import json
import sys

import boto3

with open(sys.argv[1], encoding="utf-8") as file:
    told = json.load(file)
s3 = boto3.client(
    "s3",
    endpoint_url=told["endpoint"],
    region_name=told["region"],
    aws_access_key_id=told["id"],
    aws_secret_access_key=told["secret"],
)
match sys.argv[2:]:
    case ["list"]:
        for found in s3.list_objects_v2(Bucket="calendar").get("Contents", []):
            print(found["Key"])
    case ["get", key, path]:
        s3.download_file("calendar", key, path)
