"""What Azure does with a template before it sends anything: parameters, and expressions.

Of the functions of templates it knows those that ours use, and fails on all others. Source: "ARM
template functions" and "Syntax and expressions in ARM templates", Microsoft Learn.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<name>[A-Za-z]\w*)|(?P<sign>[(),.]))")
MAX_EXPRESSION = 24_576


@dataclass
class Deployment:
    """A template that is deployed into a resource group."""

    template: dict[str, Any]
    given: dict[str, str]
    group_location: str

    def resource(self) -> dict[str, Any]:
        """The one resource, with every expression evaluated."""
        assert self.template["contentVersion"] == "1.0.0.0"
        assert set(self.given) <= set(self.template["parameters"])
        (resource,) = self.template["resources"]
        evaluated = self.evaluated(resource)
        assert isinstance(evaluated, dict)
        return evaluated

    def evaluated(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self.evaluated(key): self.evaluated(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.evaluated(each) for each in value]
        if not (isinstance(value, str) and value.startswith("[") and value.endswith("]")):
            return value
        if value.startswith("[["):
            return value[1:]
        assert len(value) <= MAX_EXPRESSION
        return _Expression(value[1:-1], self).value()

    def parameter(self, name: str) -> Any:
        declared = self.template["parameters"][name]
        assert declared["type"] == "string"
        if name in self.given:
            return self.given[name]
        if "defaultValue" not in declared:
            raise LookupError(f"The value for the template parameter '{name}' is not provided.")
        return self.evaluated(declared["defaultValue"])


class _Expression:
    """Calls of functions, texts in single quotes, and properties of what is returned."""

    def __init__(self, text: str, deployment: Deployment) -> None:
        self._deployment = deployment
        self._tokens: list[tuple[str, str]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            assert match is not None, f"no expression: {text!r}"
            self._tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            position = match.end()

    def value(self) -> Any:
        found = self._one()
        assert not self._tokens, "something follows the expression"
        return found

    def _one(self) -> Any:
        kind, text = self._tokens.pop(0)
        if kind == "text":
            return text[1:-1].replace("''", "'")
        assert kind == "name"
        assert self._tokens.pop(0) == ("sign", "(")
        arguments: list[Any] = []
        while self._tokens[0] != ("sign", ")"):
            arguments.append(self._one())
            if self._tokens[0] == ("sign", ","):
                self._tokens.pop(0)
        self._tokens.pop(0)
        found = self._called(text, arguments)
        while self._tokens and self._tokens[0] == ("sign", "."):
            self._tokens.pop(0)
            found = found[self._tokens.pop(0)[1]]
        return found

    def _called(self, function: str, arguments: list[Any]) -> Any:
        if function == "parameters":
            (name,) = arguments
            return self._deployment.parameter(name)
        if function == "concat":
            return "".join(arguments)
        if function == "base64":
            (text,) = arguments
            return base64.b64encode(text.encode()).decode()
        if function == "resourceGroup":
            return {"location": self._deployment.group_location}
        raise AssertionError(f"the template calls {function}()")
