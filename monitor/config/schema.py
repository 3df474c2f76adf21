"""The JSON schema that editors check the configuration with, made from the models.

`config/schema.json` is its output; renew it with `python -m monitor.config.schema > config/schema.json`.
"""

import json
import sys

from monitor.config.shape.whole import Whole


def generate() -> str:
    """The schema as pretty JSON that ends in a newline; the same models give the same text."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Whole.model_json_schema()}
    schema["title"] = "tocsin configuration"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(generate())
