"""Codes of languages, as feeds and people write them."""


def base_language(code: str) -> str:
    """Return `en` of `en-GB` or `en_GB`."""
    return code.replace("_", "-").partition("-")[0].strip().lower()
