"""Write docs/month/roster.xlsx, the roster of the guide's example village (`xiangyue.setup.example.roster`).

    python tools/example_roster.py [file]

The same code gives the same bytes.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "month" / "roster.xlsx"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiangyue.config.settings")
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from xiangyue.setup.example.roster import roster_workbook

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(roster_workbook())
    print(target)


if __name__ == "__main__":
    main()
