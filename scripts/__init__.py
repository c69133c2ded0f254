"""Programs that the Makefile and the tests run; the package knows none of them."""
