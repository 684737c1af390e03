"""The API's documentation as one page without scripts, so that it works without internet."""

from html import escape
from typing import Any

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1d2733}
code{background:#eef2f5;padding:.1em .3em;border-radius:3px}h2{margin-top:2.5rem;border-bottom:1px solid #ccd5dd}
h3{margin:1.5rem 0 .3rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;
padding:.25rem .75rem .25rem 0;border-bottom:1px solid #e3e8ec}a{color:#0b5cad}.method{font-weight:700;color:#0a6b3d}
"""


def render(schema: dict[str, Any]) -> str:
    """HTML of an OpenAPI document: every route with its parameters and an example address."""
    info = schema["info"]
    by_tag: dict[str, list[str]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            tag = (operation.get("tags") or ["other"])[0]
            by_tag.setdefault(tag, []).append(_operation(path, method, operation))
    links = " · ".join(f'<a href="#{tag}">{escape(tag)}</a>' for tag in by_tag)
    parts = "".join(f'<h2 id="{tag}">{escape(tag)}</h2>{"".join(items)}' for tag, items in by_tag.items())
    intro = "".join(
        f"<p>{_code(escape(line))}</p>" for line in info.get("description", "").splitlines() if line.strip()
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style></head><body><main>"
        f"<h1>{escape(info['title'])} API {escape(info['version'])}</h1>{intro}"
        f'<p>Machine-readable: <a href="/api/openapi.json">openapi.json</a>. Subjects: {links}</p>{parts}'
        "</main></body></html>"
    )


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(_parameter(parameter) for parameter in operation.get("parameters", []))
    table = f"<table><tr><th>parameter</th><th>type</th><th>meaning</th></tr>{rows}</table>" if rows else ""
    example = _example(path, operation)
    shown = (
        f'<p>Example: <a href="{escape(example)}"><code>{escape(example)}</code></a></p>' if example else ""
    )
    text = _code(escape(operation.get("description", "")))
    return f'<h3><span class="method">{method.upper()}</span> <code>{escape(path)}</code></h3><p>{text}</p>{table}{shown}'


def _parameter(parameter: dict[str, Any]) -> str:
    schema = parameter.get("schema", {})
    options = schema.get("anyOf", [schema])
    kind = " or ".join(
        ", ".join(map(str, option["enum"])) if "enum" in option else option.get("type", "")
        for option in options
        if option.get("type") != "null"
    )
    default = f" Default: {schema['default']}." if schema.get("default") is not None else ""
    needed = " Required." if parameter.get("required") else ""
    meaning = escape(f"{parameter.get('description', '')}{default}{needed}")
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(kind)}</td><td>{meaning}</td></tr>"
    )


def _example(path: str, operation: dict[str, Any]) -> str | None:
    """An address that can be clicked, where every required parameter has an example."""
    if "{" in path:
        return None
    pairs = []
    for parameter in operation.get("parameters", []):
        if parameter.get("required"):
            examples = parameter.get("schema", {}).get("examples") or ["34040"]
            pairs.append(f"{parameter['name']}={examples[0]}")
    return path + ("?" + "&".join(pairs) if pairs else "")


def _code(text: str) -> str:
    parts = text.split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
