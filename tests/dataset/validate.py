"""Validates a description of data by SHACL shapes.

    validate.py SHAPES.ttl DATA.jsonld

Prints the report if the data do not conform, and nothing if they do.
"""

import sys

import pyshacl
import rdflib

shapes = rdflib.Graph().parse(sys.argv[1], format="turtle")
data = rdflib.Graph().parse(sys.argv[2], format="json-ld")
conforms, _, report = pyshacl.validate(data, shacl_graph=shapes, inference="none")
if not conforms:
    print(report)
