"""`python -m harmattan.cli` is `harmattan`."""

import sys

from harmattan.cli import main

sys.exit(main())
