"""Checks responses of the API against its OpenAPI document.

openapi.py FILE   reads {"document": …, "exchanges": [{"path", "method", "status", "media_type", "headers", "body"}, …]},
                  where `path` is that of the document, and prints a JSON list of complaints
"""

import copy
import json
import sys

import jsonschema
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

ROOT = "urn:document"


def merged(schema, schemas):
    """Returns an object schema with the members of all parts of `allOf`."""
    if "$ref" in schema:
        return merged(schemas[schema["$ref"].rsplit("/", 1)[1]], schemas)
    if "allOf" not in schema:
        return schema
    parts = [merged(part, schemas) for part in schema["allOf"]]
    return {
        "type": "object",
        "properties": {name: it for part in parts for name, it in part.get("properties", {}).items()},
        "required": [name for part in parts for name in part.get("required", [])],
    }


def closed(document):
    """Returns the document with objects that have no members but those described."""
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    whole = {name: copy.deepcopy(merged(schema, schemas)) for name, schema in schemas.items()}
    for schema in whole.values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    document["components"]["schemas"] = whole
    return document


def pointer(*parts):
    return "/".join(part.replace("~", "~0").replace("/", "~1") for part in parts)


def complaints(document, registry, exchange):
    path, method, status = exchange["path"], exchange["method"].lower(), str(exchange["status"])
    label = f"{method} {path} {status}"
    responses = document["paths"][path][method]["responses"]
    if status not in responses:
        return [f"{label}: the status is not described"]
    response = responses[status]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    found = []
    for name in response.get("headers", {}):
        if name.lower() not in exchange["headers"] and not name.startswith(("RateLimit", "Last-Modified")):
            found.append(f"{label}: no header {name}")
    content = response.get("content", {})
    if not content:
        return found + ([f"{label}: a body that is not described"] if exchange["body"] is not None else [])
    if exchange["media_type"] not in content:
        return found + [f"{label}: {exchange['media_type']} is not described"]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **content[exchange["media_type"]]["schema"]}
    text = json.dumps(schema).replace('"#/', f'"{ROOT}#/')
    checker = jsonschema.FormatChecker(formats=["date-time"])
    validator = jsonschema.Draft202012Validator(json.loads(text), registry=registry, format_checker=checker)
    for error in validator.iter_errors(exchange["body"]):
        found.append(f"{label}: {error.json_path}: {error.message[:300]}")
    return found


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        given = json.load(file)
    for schema in given["document"]["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    document = closed(given["document"])
    resource = Resource.from_contents(document, default_specification=DRAFT202012)
    registry = Registry().with_resource(ROOT, resource)
    found = [it for exchange in given["exchanges"] for it in complaints(document, registry, exchange)]
    json.dump(found, sys.stdout, ensure_ascii=False)


main()
