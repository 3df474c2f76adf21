"""The JSON schema that editors check the configuration with, made from the models.

`config/schema.json` is its output; renew it with `python -m monitor.config.schema > config/schema.json`.
"""

import json
import sys
from datetime import timedelta

from pydantic.json_schema import GenerateJsonSchema

from monitor.config import duration
from monitor.config.shape.whole import Whole


def generate() -> str:
    """The schema as pretty JSON that ends in a newline; the same models give the same text."""
    schema = {
        "$schema": GenerateJsonSchema.schema_dialect,
        **Whole.model_json_schema(schema_generator=_OurSchema),
    }
    schema["title"] = "tocsin configuration"
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


class _OurSchema(GenerateJsonSchema):
    """Pydantic writes default durations in the form of ISO 8601, which nobody may write here."""

    def encode_default(self, dft: object) -> object:
        return duration.spell(dft) if isinstance(dft, timedelta) else super().encode_default(dft)


if __name__ == "__main__":
    sys.stdout.write(generate())
