"""``python -m levelbook``."""

from levelbook.cli import main

main()
