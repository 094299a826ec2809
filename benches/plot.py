#!/usr/bin/env python3
"""Draws docs/performance.svg from the results of the measuring commands.

    tests/load/run --json target/load.json && benches/growth/run && benches/plot.py

Left: requests per second, compared with nginx. Right: cost of each size as a ratio to the smallest.
"""

import json
import math
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
GREEN, RED, INK, GREY = "#1d5c3f", "#b3372b", "#1c2420", "#8a948e"
LINES = [
    ("apply", "the catalog's part of a commit", GREEN),
    ("feed_after", "feed of 1,000 events after the commit", "#3f7fb0"),
    ("agenda", "first page of the agenda", RED),
    ("memory_start", "memory at the start", "#7a5aa6"),
]


class Drawing:
    def __init__(self, width, height):
        self.parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="13">',
            f'<rect width="{width}" height="{height}" fill="#fbfaf6"/>',
        ]

    def text(self, x, y, text, anchor="start", color=INK, weight="400"):
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}">{text}</text>')

    def line(self, points, color, width=2):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"/>')

    def bar(self, x, y, width, height, color):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height}" fill="{color}"/>')

    def save(self, path):
        path.write_text("\n".join([*self.parts, "</svg>"]) + "\n")


def bars(drawing, rows):
    rows = [row for row in rows if row.get("against") == "nginx"]
    drawing.text(24, 34, "Requests a second, as a share of nginx's", weight="700")
    for number, row in enumerate(rows):
        y = 62 + number * 62
        drawing.text(24, y, row["case"])
        for place, (share, name, color) in enumerate([(1.0, "nginx", GREY), (row["rate_ratio"], "elverum-calendar", GREEN)]):
            top = y + 8 + place * 18
            drawing.bar(24, top, share * 220, 14, color)
            drawing.text(30 + share * 220, top + 12, f"{name} {share:.2f}" if place else name, color=color)


def growth(drawing, results, left=480, top=62, width=300, height=230):
    drawing.text(left, 34, "What more events cost: times the smallest size", weight="700")
    sizes = [result["size"] for result in results]
    across = lambda size: left + width * (math.log10(size) - math.log10(sizes[0])) / max(1e-9, math.log10(sizes[-1]) - math.log10(sizes[0]))
    values = {key: [result[key] / results[0][key] for result in results] for key, *_ in LINES if results[0].get(key)}
    most = max(2.0, max(max(row) for row in values.values()))
    up = lambda value: top + height - height * math.log10(max(value, 0.5) / 0.5) / math.log10(most / 0.5)
    for mark in [0.5, 1, 2, 5, 10, 20, 50]:
        if mark <= most:
            drawing.line([(left, up(mark)), (left + width, up(mark))], "#dedfd8", 1)
            drawing.text(left - 8, up(mark) + 4, f"{mark:g}×", "end", GREY)
    for size in sizes:
        drawing.text(across(size), top + height + 20, f"{size:,}", "middle", GREY)
    for number, (key, name, color) in enumerate(LINES):
        if key in values:
            drawing.line([(across(size), up(value)) for size, value in zip(sizes, values[key])], color)
            drawing.bar(left, top + height + 34 + number * 20, 14, 4, color)
            drawing.text(left + 22, top + height + 40 + number * 20, f"{name}: {values[key][-1]:.1f}×", color=color)


def main():
    load, grown = ROOT / "target/load.json", ROOT / "target/growth.json"
    drawing = Drawing(840, 400) if grown.exists() else Drawing(440, 320)
    if load.exists():
        bars(drawing, json.loads(load.read_text()))
    if grown.exists():
        growth(drawing, json.loads(grown.read_text())["results"])
    drawing.save(ROOT / "docs/performance.svg")


main()
