"""Azure Resource Manager as far as compute instances need it: routes, wire, state, errors."""
