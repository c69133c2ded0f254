"""The HTTP face: one thin file per resource, and the OpenAPI description made from them."""
