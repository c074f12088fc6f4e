"""接口说明 — what the routes share of the description: refusals, headers, bodies that a route reads itself."""

from __future__ import annotations

from typing import Any

from workflow.forms import Form


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


REFUSALS = {
    401: "没有令牌或者令牌无效",
    403: "不由您办理",
    404: "没有这件案件",
    409: "法律或者流程不允许，列出全部理由",
    412: "案件已有变化，说明其间谁办了什么",
    413: "内容太大",
    415: "内容不是 JSON",
    422: "填写有误，逐栏说明",
    428: "没有写明依据的版本",
    429: "这一分钟里请求太多，Retry-After 秒后再来",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": ref("Problem")}}
    told: dict[int | str, dict[str, Any]] = {
        s: {"description": REFUSALS[s], "content": content} for s in statuses
    }
    if 429 in told:
        about = {"description": "多少秒以后再来", "schema": {"type": "integer", "minimum": 1}}
        told[429]["headers"] = {"Retry-After": about}
    return told


ALWAYS = responses(401, 403, 422, 429)
"""What any address may answer."""


def header(name: str, required: bool, text: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": {"type": "string", **schema},
    }


KEY = header(
    "Idempotency-Key", False, "同一编号的同一请求只办一次", maxLength=200, pattern="^[!-~]+$"
)
IF_MATCH = header("If-Match", True, "依据的是案件的第几步", examples=['"7"'])


def writing(parameters: list[dict[str, Any]], form: type[Form]) -> dict[str, Any]:
    """How the description of a write shows its body, which the route reads itself."""
    schema = form.model_json_schema()
    return described(parameters, _whole(schema, schema.pop("$defs", {})))


def _whole(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema with each part of it in its place; no form holds itself."""
    if isinstance(schema, list):
        return [_whole(part, parts) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _whole(parts[schema["$ref"].rpartition("/")[2]], parts)
    return {name: _whole(part, parts) for name, part in schema.items()}


def described(parameters: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": body}}
    return {"parameters": parameters, "requestBody": {"required": True, "content": content}}
